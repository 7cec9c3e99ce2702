import { runInNewContext } from 'node:vm';
import type { State } from '../core/definition';
import { ContextError, LocalChainError, RetryAfterError, UnknownEventError, UnrecoverableError } from '../core/errors';
import { describeError, judge } from './failure';

const at: State = { name: 'charge', final: false, transitions: {}, retry: { baseMs: 100, capMs: 1000 } };
const attempt = { retries: 1, maxRetries: 3 };
const half = (): number => 0.5;

describe('judge', () => {
  it('tries again after full jitter', () =>
    expect(judge(new Error('no'), at, attempt, half)).toEqual({ kind: 'retry', delayMs: 100 }));

  it.each([0, 1, 2])('tries again after failure %d of 3', (retries) =>
    expect(judge('thrown', at, { retries, maxRetries: 3 }, half).kind).toBe('retry'),
  );

  it('gives up when no attempt is left', () => {
    expect(judge(new Error('no'), at, { retries: 3, maxRetries: 3 }, half)).toEqual({ kind: 'failed' });
    expect(judge(new Error('no'), at, { retries: 0, maxRetries: 0 }, half)).toEqual({ kind: 'failed' });
  });

  it("takes the state's own limit before the machine's", () => {
    expect(judge(new Error('no'), { ...at, retry: { maxRetries: 0 } }, { retries: 0, maxRetries: 3 }, half)).toEqual({
      kind: 'failed',
    });
    expect(judge(new Error('no'), { ...at, retry: { maxRetries: 9 } }, { retries: 3, maxRetries: 3 }, half).kind).toBe('retry');
  });

  it('turns the last failure into an event', () => {
    const state = { ...at, onExhausted: 'give_up' };
    const exhausted = { kind: 'exhausted', state, event: 'give_up' };
    expect(judge(new Error('no'), state, { retries: 3, maxRetries: 3 }, half)).toEqual(exhausted);
    expect(judge(new UnrecoverableError('never'), state, { retries: 0, maxRetries: 3 }, half)).toEqual(exhausted);
    expect(judge(new Error('no'), state, attempt, half).kind).toBe('retry');
  });

  it('waits as long as the action says, and spends a retry', () => {
    expect(judge(new RetryAfterError(1234.6), at, attempt, half)).toEqual({ kind: 'retry', delayMs: 1235 });
    expect(judge(new RetryAfterError(1234), at, { retries: 3, maxRetries: 3 }, half)).toEqual({
      kind: 'failed',
    });
  });

  it.each([new UnrecoverableError('x'), new ContextError('$.a', 'is odd'), new LocalChainError('a', 100)])(
    'does not try again: %s',
    (error) => expect(judge(error, at, attempt, half)).toEqual({ kind: 'failed' }),
  );

  it('knows the errors of another copy of the package', () => {
    let copy: typeof import('../core/errors') | undefined;
    jest.isolateModules(() => (copy = jest.requireActual('../core/errors')));
    const { ContextError: Odd, RetryAfterError: Later, UnrecoverableError: Never } = copy!;
    expect(Never).not.toBe(UnrecoverableError);
    for (const error of [new Never('x'), new Odd('$.a', 'is odd')]) {
      expect(judge(error, at, attempt, half)).toEqual({ kind: 'failed' });
    }
    expect(judge(new Later(1234), at, attempt, half)).toEqual({ kind: 'retry', delayMs: 1234 });
  });

  it('takes no other error for one of these', () => {
    const alike = [{ code: 'RETRY_AFTER' }, { code: 'RETRY_AFTER', ms: '9' }, { code: 'RETRY_AFTER', ms: -1 }, { ms: 9 }, null];
    for (const thrown of alike) expect(judge(thrown, at, attempt, half)).toEqual({ kind: 'retry', delayMs: 100 });
  });

  it('fails at once on an event that is not there, whatever the state has for exhaustion', () => {
    expect(judge(new UnknownEventError('a', 'x', []), { ...at, onExhausted: 'give_up' }, attempt, half)).toEqual({
      kind: 'failed',
    });
  });

  it('fails where the record itself leads nowhere', () =>
    expect(judge(new Error('x'), undefined, attempt, half)).toEqual({ kind: 'failed' }));
});

describe('describeError', () => {
  it('knows an error of another realm, with its code', () => {
    const error: unknown = runInNewContext('Object.assign(new Error("reset"), { code: "ECONNRESET" })');
    expect(describeError(error)).toMatchObject({ code: 'ECONNRESET', message: 'reset' });
  });

  it('keeps code, message and stack', () => {
    const error = Object.assign(new Error('no'), { code: 'ECONNRESET' });
    expect(describeError(error)).toEqual({ code: 'ECONNRESET', message: 'no', stack: error.stack });
    expect(describeError(new UnknownEventError('a', 'x', ['y']))).toMatchObject({
      code: 'UNKNOWN_EVENT',
      message: 'state "a" has no transition for event "x"; it has: "y"',
    });
  });

  it('takes the name where there is no code', () => {
    expect(describeError(new TypeError('no')).code).toBe('TypeError');
    expect(describeError(Object.assign(new Error('no'), { code: 7 })).code).toBe('Error');
  });

  it.each([
    ['text', 'thrown: text'],
    [undefined, 'thrown: undefined'],
    [{ a: 1 }, 'thrown: [object Object]'],
  ])('names what is thrown and is no error: %j', (thrown, message) =>
    expect(describeError(thrown)).toEqual({ code: 'ERROR', message }),
  );

  it('is bounded', () => {
    const error = Object.assign(new Error('m'.repeat(5000)), {
      code: 'c'.repeat(500),
      stack: 's'.repeat(9000),
    });
    const { code, message, stack } = describeError(error);
    expect([code.length, message.length, stack?.length]).toEqual([101, 1001, 4001]);
  });
});
