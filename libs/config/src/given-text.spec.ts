import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from './config-error';
import { readConfig } from './read-config';

describe('a secret from a file', () => {
  let dir: string;
  let path: string;
  const URL = 'redis://stile:s3cret@redis:6379';
  const faultOf = (env: NodeJS.ProcessEnv): string => {
    try {
      readConfig(env);
    } catch (error) {
      if (error instanceof ConfigError && error.faults.length === 1) return error.message;
      throw error;
    }
    throw new Error('nothing is wrong with it');
  };

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'stile-secret-'));
    path = join(dir, 'redis-url');
    writeFileSync(path, `${URL}\n`);
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('is its text without the end of the line; the same twice is no contradiction', () => {
    expect(readConfig({ STILE_REDIS_URL_FILE: path }).redisUrl).toBe(URL);
    expect(readConfig({ STILE_REDIS_URL_FILE: path, STILE_REDIS_URL: URL }).redisUrl).toBe(URL);
    expect(readConfig({ STILE_REDIS_URL_FILE: '', STILE_REDIS_URL: URL }).redisUrl).toBe(URL);
    expect(readConfig({ STILE_REDIS_URL: URL, STILE_LEASE_URL_FILE: path }).leaseUrl).toBe(URL);
  });

  it('is told to be wrong by the name of the file, never by what is in it', () => {
    writeFileSync(path, 'http://s3cret');
    const message = faultOf({ STILE_REDIS_URL_FILE: path });
    expect(message).toContain(`STILE_REDIS_URL_FILE is "${path}": give redis://`);
    expect(message).not.toContain('s3cret');
  });

  it.each([
    ['that is not there', 'cannot be read (ENOENT)', () => rmSync(path)],
    ['that is empty', 'is empty', () => writeFileSync(path, '\n')],
  ])('cannot be a file %s', (_name, problem, act) => {
    act();
    expect(faultOf({ STILE_REDIS_URL_FILE: path })).toContain(problem);
  });

  it('cannot be given as another text at the same time', () => {
    const message = faultOf({ STILE_REDIS_URL_FILE: path, STILE_REDIS_URL: 'redis://other' });
    expect(message).toContain('STILE_REDIS_URL is set as well');
  });

  it('is misspelt as easily as others', () => {
    expect(faultOf({ STILE_REDIS_URL: URL, STILE_REDIS_URL_FIL: path })).toContain('did you mean STILE_REDIS_URL_FILE?');
  });
});
