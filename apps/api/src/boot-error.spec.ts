import { ConfigError, type StileConfig } from '@stile/config';
import { StoreUnfitError } from '@stile/machine';
import { describeBootError } from './boot-error';

const config = { redisUrl: 'redis://:pw@host:6379', host: '127.0.0.1', port: 3000 } as StileConfig;
const failed = (over: object) => Object.assign(new Error('failed'), over);

describe('describeBootError', () => {
  it.each([
    [new ConfigError([{ variable: 'STILE_PORT', value: 'x', problem: 'give a number' }]), 'STILE_PORT is "x"'],
    [new StoreUnfitError('set it to noeviction'), 'set it to noeviction'],
    [failed({ syscall: 'listen', code: 'EADDRINUSE' }), 'port 3000 of 127.0.0.1 is taken'],
    [failed({ syscall: 'listen', code: 'EACCES' }), 'set STILE_PORT to one above 1023'],
    [failed({ syscall: 'listen', code: 'EADDRNOTAVAIL' }), 'check STILE_HOST'],
    [failed({ name: 'MaxRetriesPerRequestError' }), 'Redis at redis://:***@host:6379 does not answer'],
    [failed({ name: 'ReplyError', message: 'WRONGPASS invalid' }), 'Redis refuses: WRONGPASS invalid'],
  ])('%s', (error, words) => {
    expect(describeBootError(error, config)).toContain(words);
  });

  it('leaves errors of ours to be shown with their stack', () => {
    expect(describeBootError(new TypeError('x is undefined'), config)).toBeUndefined();
    expect(describeBootError('text', config)).toBeUndefined();
  });
});
