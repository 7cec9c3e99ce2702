import { EXIT } from './exit-codes';
import { isAway, redisAway } from './redis-away';

const away = Object.assign(new Error('Reached the max retries'), { name: 'MaxRetriesPerRequestError' });

it.each([
  ['a server that is away', away, 'does not answer'],
  ['the same behind an error of the store', new Error('the store is unavailable', { cause: away }), 'does not answer'],
  ['one that hangs', new Error('the store is unavailable', { cause: new Error('Command timed out') }), 'does not answer'],
  ['one that refuses', new Error('x', { cause: new Error('NOPERM no permissions') }), 'refuses: NOPERM no permissions'],
])('names the address, never the password, and the way out: %s', (_what, error, problem) => {
  const told = redisAway(error, 'redis://me:secret@db:6379');
  expect(told.message).toBe(`redis://me:***@db:6379 ${problem}; start it, or mend STILE_REDIS_URL; "stile doctor" looks at it`);
  expect(told.exitCode).toBe(EXIT.unavailable);
});

it('knows what the client says when it has given up', () => {
  expect([away, new Error('NOPERM'), undefined].map(isAway)).toEqual([true, false, false]);
});
