/// <reference types="jest" />
import type { LeaseStore } from '../core/lease-store';

const DAY = 86_400_000;
const STEP = { steps: 0, retries: 0 };
const OPTIONS = { nonce: 'n', ttlMs: 1_000 };

type Call = (store: LeaseStore, value: never) => Promise<unknown>;

const acquireAt: Call = (store, value) => store.acquire('id', value, OPTIONS);
const acquireWith: Call = (store, value) => store.acquire('id', STEP, { ...OPTIONS, ...(value as object) });

const CASES: readonly [field: string, shown: string, call: Call, value: unknown, type: ErrorConstructor][] = [
  ['id', '""', (store, value) => store.acquire(value, STEP, OPTIONS), '', RangeError],
  ['id', '257 characters', (store, value) => store.acquire(value, STEP, OPTIONS), 'x'.repeat(257), RangeError],
  ['id', 'undefined', (store, value) => store.renew(value, 1, 1), undefined, TypeError],
  ['id', 'a number', (store, value) => store.release(value, STEP, 1), 7, TypeError],
  ['id', 'null', (store, value) => store.forget(value), null, TypeError],
  ['id', '""', (store, value) => store.advance(value, 1, STEP, STEP, 1), '', RangeError],
  ['step', 'undefined', acquireAt, undefined, TypeError],
  ['step.steps', '-1', acquireAt, { steps: -1, retries: 0 }, RangeError],
  ['step.steps', '1.5', acquireAt, { steps: 1.5, retries: 0 }, RangeError],
  ['step.retries', '"1"', acquireAt, { steps: 1, retries: '1' }, TypeError],
  ['step.retries', 'NaN', (store, value) => store.release('id', value, 1), { steps: 1, retries: NaN }, RangeError],
  ['options', 'undefined', (store, value) => store.acquire('id', STEP, value), undefined, TypeError],
  ['nonce', '""', acquireWith, { nonce: '' }, RangeError],
  ['nonce', 'undefined', acquireWith, { nonce: undefined }, TypeError],
  ['ttlMs', '0', acquireWith, { ttlMs: 0 }, RangeError],
  ['ttlMs', '0.5', acquireWith, { ttlMs: 0.5 }, RangeError],
  ['ttlMs', `${DAY + 1}`, acquireWith, { ttlMs: DAY + 1 }, RangeError],
  ['ttlMs', 'Infinity', (store, value) => store.renew('id', 1, value), Infinity, RangeError],
  ['ttlMs', '"1000"', (store, value) => store.advance('id', 1, STEP, STEP, value), '1000', TypeError],
  ['floor', '-1', acquireWith, { floor: -1 }, RangeError],
  ['floor', '9007199254740991', acquireWith, { floor: Number.MAX_SAFE_INTEGER }, RangeError],
  ['jump', '"yes"', acquireWith, { jump: 'yes' }, TypeError],
  ['fence', '0', (store, value) => store.renew('id', value, 1), 0, RangeError],
  ['fence', '9007199254740992', (store, value) => store.release('id', STEP, value), 2 ** 53, RangeError],
  ['fence', '"1"', (store, value) => store.advance('id', value, STEP, STEP, 1), '1', TypeError],
];

/** Bad arguments are told apart from a store's answers: the promise rejects, naming the field and the value. */
export function describeBadArguments(store: () => LeaseStore): void {
  describe('arguments', () => {
    it.each(CASES)('refuses %s %s', async (field, shown, call, value, type) => {
      const error: Error = await call(store(), value as never).then(
        () => Promise.reject(new Error('was accepted')),
        (reason) => reason,
      );
      expect(error).toBeInstanceOf(type);
      expect(error.message).toContain(`${field} `);
      expect(error.message).toContain(shown);
      expect(error.message).toContain('give');
    });

    it('takes the longest id and lease', async () => {
      const id = 'ü'.repeat(256);
      expect(await store().acquire(id, STEP, { nonce: 'n', ttlMs: DAY })).toMatchObject({
        outcome: 'granted',
      });
    });
  });
}
