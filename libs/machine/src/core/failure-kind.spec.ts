import { failureKind, normaliseMessage } from './failure-kind';

/** Messages that are one and the same failure. */
const ALIKE: [normalised: string, ...messages: string[]][] = [
  ['card declined', 'card declined', ' card \n declined '],
  [
    'order <id> not found',
    'order order-123 not found',
    'order a7f3 not found',
    'order 7c0d2b1e-93f4-4c7a-8d11-aa0c5e3f1b22 not found',
  ],
  ['<n> of <n> items', '3 of 10 items', '17 of 1000 items', '2.5 of 1e3 items'],
  ['timed out after <n>ms', 'timed out after 30000ms', 'timed out after 5ms'],
  ['no column <text>', 'no column "price"', "no column 'name'", 'no column `a b`', 'no column “ä”'],
  ['ENOENT: no such file, open <text>', "ENOENT: no such file, open '/tmp/a/1.json'", "ENOENT: no such file, open '/x'"],
  ['cannot read <path>', 'cannot read /var/lib/a/7.json', 'cannot read C:\\data\\b.txt', 'cannot read /srv/b'],
  ['connect ECONNREFUSED <n>:<n>', 'connect ECONNREFUSED 127.0.0.1:5432', 'connect ECONNREFUSED 10.1.2.3:6379'],
  ['GET <url> answered <n>', 'GET https://a.example/x?y=1 answered 500', 'GET http://b/ answered 503'],
  ['late since <time>', 'late since 2026-01-01T00:00:00.000Z', 'late since 2025-12-31 23:59:59+01:00', 'late since 2026-01-01'],
  ['bad block <hex>', 'bad block 0xdeadbeef', 'bad block 9f86d081884c7d65', 'bad block DEADBEEF1'],
  ['it failed with <n>.', 'it failed with 4.', 'it failed with 12.'],
];

describe('normaliseMessage', () => {
  it.each(ALIKE)('%s', (normalised, ...messages) => {
    for (const message of messages) expect(normaliseMessage(message)).toBe(normalised);
  });

  it('leaves words as they are, and so tells failures apart', () => {
    const messages = ["the bank doesn't answer, and we don't wait", 'card declined', 'face added', 'insufficient funds / limits'];
    expect(messages.map(normaliseMessage)).toEqual(messages);
  });

  it('has the same text for what it has normalised', () => {
    for (const [, ...messages] of ALIKE) {
      for (const message of messages) expect(normaliseMessage(normaliseMessage(message))).toBe(normaliseMessage(message));
    }
  });

  it('is bounded', () => {
    const long = normaliseMessage('word '.repeat(1000));
    expect(long).toHaveLength(301);
    expect(normaliseMessage('word '.repeat(2000))).toBe(long);
  });

  it.each([
    '"'.repeat(50_000),
    '/a'.repeat(50_000),
    'a-'.repeat(50_000),
    '1'.repeat(50_000),
    'aaaa://'.repeat(20_000),
    'f0'.repeat(50_000),
  ])('takes no time for a hostile message', (message) => {
    const began = performance.now();
    normaliseMessage(message);
    expect(performance.now() - began).toBeLessThan(100);
  });
});

describe('failureKind', () => {
  it('is told by definition, state, code and normalised message', () => {
    const error = { code: 'NO STOCK\n', message: 'item 5 is gone', stack: 'at 1' };
    expect(failureKind({ machine: 'order', version: 2 }, 'reserve', error)).toEqual({
      machine: 'order',
      version: 2,
      state: 'reserve',
      code: 'NO STOCK ',
      message: 'item <n> is gone',
    });
  });
});
