/// <reference types="jest" />
import * as fc from 'fast-check';
import { LeaseUnavailableError } from '../core/errors';
import type { AcquireOptions, AcquireResult, LeaseStore, StepRef } from '../core/lease-store';
import { describeBadArguments } from './lease-store-arguments.contract';

export interface LeaseStoreBench {
  /** Empty. */
  readonly store: LeaseStore;
  /** A store of the same kind that cannot answer; without one those tests are left out. */
  readonly broken?: LeaseStore;
  /** Lets `ms` of the store's own time pass. */
  pass(ms: number): Promise<void>;
  close?(): Promise<void>;
}

const HOUR = 3_600_000;
const ID = 'machine-1';
const at = (steps: number, retries = 1): StepRef => ({ steps, retries });

/** What every {@link LeaseStore} must do. `factory` makes a fresh bench for each test. */
export function describeLeaseStore(name: string, factory: () => Promise<LeaseStoreBench>): void {
  describe(name, () => {
    let bench: LeaseStoreBench;
    let store: LeaseStore;
    let attempts = 0;

    beforeEach(async () => {
      bench = await factory();
      store = bench.store;
    });
    afterEach(() => bench.close?.());

    const acquire = (step: StepRef, options: Partial<AcquireOptions> = {}): Promise<AcquireResult> =>
      store.acquire(ID, step, { nonce: `attempt-${++attempts}`, ttlMs: HOUR, ...options });
    const granted = async (step: StepRef, options?: Partial<AcquireOptions>): Promise<number> => {
      const result = await acquire(step, options);
      if (result.outcome !== 'granted') throw new Error(`expected a grant, got ${JSON.stringify(result)}`);
      return result.fence;
    };

    it('counts tokens 1, 2, 3 through release and expiry, and refuses all but the holder', async () => {
      expect(await acquire(at(1, 1))).toMatchObject({ outcome: 'granted', fence: 1 });
      expect(await acquire(at(1, 1))).toMatchObject({ outcome: 'held', by: at(1, 1) });
      expect(await acquire(at(1, 2))).toMatchObject({ outcome: 'held', by: at(1, 1) });
      expect(await store.release(ID, at(1, 2), 1)).toBe(false);
      expect(await store.release(ID, at(1, 1), 99)).toBe(false);
      expect(await store.release(ID, at(1, 1), 1)).toBe(true);
      expect(await acquire(at(1, 2), { ttlMs: 1_000 })).toMatchObject({ outcome: 'granted', fence: 2 });
      expect(await acquire(at(1, 2))).toMatchObject({ outcome: 'held', by: at(1, 2) });
      await bench.pass(1_001);
      expect(await acquire(at(1, 2))).toMatchObject({ outcome: 'granted', fence: 3 });
    });

    describe('acquire', () => {
      it('answers the same attempt the same again', async () => {
        const first = await acquire(at(1), { nonce: 'n' });
        expect(await acquire(at(1), { nonce: 'n' })).toEqual(first);
        expect(await acquire(at(1), { nonce: 'other' })).toMatchObject({ outcome: 'held' });
        expect(await acquire(at(2), { nonce: 'n' })).toMatchObject({ outcome: 'held', by: at(1) });
      });

      it('says how long a held lease has left', async () => {
        const first = await acquire(at(1), { ttlMs: HOUR });
        const second = await acquire(at(1));
        if (first.outcome !== 'granted' || second.outcome !== 'held') throw new Error('expected granted, then held');
        expect(second.until).toBe(first.until);
        expect(second.leftMs).toBeGreaterThan(HOUR - 60_000);
        expect(second.leftMs).toBeLessThanOrEqual(HOUR);
      });

      it('gives a token above the floor, and counts on from there', async () => {
        expect(await granted(at(1), { floor: 41 })).toBe(42);
        expect(await store.release(ID, at(1), 42)).toBe(true);
        expect(await granted(at(2), { floor: 7 })).toBe(43);
      });

      it('jumps to server time in µs when asked to', async () => {
        expect(await granted(at(1))).toBe(1);
        await store.release(ID, at(1), 1);
        const fence = await granted(at(2), { jump: true });
        expect(fence).toBeGreaterThan(Date.parse('2020-01-01') * 1000);
        expect(Number.isSafeInteger(fence)).toBe(true);
        await store.release(ID, at(2), fence);
        expect(await granted(at(3))).toBe(fence + 1);
      });

      it('keeps tokens exact just below 2^53, and hands out none above', async () => {
        expect(await granted(at(1), { floor: Number.MAX_SAFE_INTEGER - 1 })).toBe(Number.MAX_SAFE_INTEGER);
        expect(await store.advance(ID, Number.MAX_SAFE_INTEGER, at(1), at(2), HOUR)).toEqual({
          outcome: 'refused',
        });
        expect(await store.release(ID, at(1), Number.MAX_SAFE_INTEGER)).toBe(true);
        const next = await acquire(at(2));
        if (next.outcome === 'granted') expect(Number.isSafeInteger(next.fence)).toBe(true);
        else expect(next.outcome).toBe('unavailable');
      });

      it('grants one of 50 at once', async () => {
        const results = await Promise.all(Array.from({ length: 50 }, () => acquire(at(1))));
        expect(results.filter(({ outcome }) => outcome === 'granted')).toHaveLength(1);
        expect(results.filter(({ outcome }) => outcome === 'held')).toHaveLength(49);
      });

      it('keeps ids apart', async () => {
        expect(await granted(at(1))).toBe(1);
        expect(await store.acquire('machine-2', at(1), { nonce: 'n', ttlMs: HOUR })).toMatchObject({
          fence: 1,
        });
      });
    });

    describe('renew', () => {
      it('extends a live lease', async () => {
        const fence = await granted(at(1), { ttlMs: 1_000 });
        expect(await store.renew(ID, fence, HOUR)).toMatchObject({ outcome: 'renewed' });
        await bench.pass(1_001);
        expect(await acquire(at(1))).toMatchObject({ outcome: 'held' });
      });

      it('is lost under another token, after release, after expiry and without any lease', async () => {
        expect(await store.renew(ID, 1, HOUR)).toEqual({ outcome: 'lost' });
        expect(await granted(at(1))).toBe(1);
        expect(await store.renew(ID, 2, HOUR)).toEqual({ outcome: 'lost' });
        await store.release(ID, at(1), 1);
        expect(await store.renew(ID, 1, HOUR)).toEqual({ outcome: 'lost' });
        expect(await granted(at(1), { ttlMs: 5 })).toBe(2);
        await bench.pass(6);
        expect(await store.renew(ID, 2, HOUR)).toEqual({ outcome: 'lost' });
      });
    });

    describe('advance', () => {
      it('moves to the next step under the next token; the token before is worth nothing', async () => {
        const fence = await granted(at(1, 3));
        expect(await store.advance(ID, fence, at(1, 3), at(2, 0), HOUR)).toMatchObject({
          outcome: 'granted',
          fence: 2,
        });
        expect(await store.renew(ID, 1, HOUR)).toEqual({ outcome: 'lost' });
        expect(await store.release(ID, at(1, 3), 1)).toBe(false);
        expect(await store.release(ID, at(2, 0), 1)).toBe(false);
        expect(await acquire(at(2, 0))).toMatchObject({ outcome: 'held', by: at(2, 0) });
        expect(await store.release(ID, at(2, 0), 2)).toBe(true);
      });

      it('answers a repeat of itself alike', async () => {
        const fence = await granted(at(1));
        const first = await store.advance(ID, fence, at(1), at(2), HOUR);
        expect(await store.advance(ID, fence, at(1), at(2), HOUR)).toEqual(first);
        expect(await store.advance(ID, fence, at(1), at(3), HOUR)).toEqual({ outcome: 'refused' });
      });

      it('is refused under another token, from another step, after release and without any lease', async () => {
        expect(await store.advance(ID, 1, at(1), at(2), HOUR)).toEqual({ outcome: 'refused' });
        expect(await granted(at(1))).toBe(1);
        expect(await store.advance(ID, 2, at(1), at(2), HOUR)).toEqual({ outcome: 'refused' });
        expect(await store.advance(ID, 1, at(0), at(2), HOUR)).toEqual({ outcome: 'refused' });
        await store.release(ID, at(1), 1);
        expect(await store.advance(ID, 1, at(1), at(2), HOUR)).toEqual({ outcome: 'refused' });
      });

      it('is refused after expiry, even if nobody took the lease', async () => {
        const fence = await granted(at(1), { ttlMs: 5 });
        await bench.pass(6);
        expect(await store.advance(ID, fence, at(1), at(2), HOUR)).toEqual({ outcome: 'refused' });
      });

      it("does not take another's grant of the next token at the same step for its own work", async () => {
        const fence = await granted(at(1), { ttlMs: 5 });
        await bench.pass(6);
        expect(await granted(at(2))).toBe(fence + 1);
        expect(await store.advance(ID, fence, at(1), at(2), HOUR)).toEqual({ outcome: 'refused' });
      });
    });

    describe('release and forget', () => {
      it('releases nothing after expiry', async () => {
        const fence = await granted(at(1), { ttlMs: 5 });
        await bench.pass(6);
        expect(await store.release(ID, at(1), fence)).toBe(false);
      });

      it('keeps the counter through a release, and drops it with forget', async () => {
        await store.release(ID, at(1), await granted(at(1)));
        await store.release(ID, at(1), await granted(at(1)));
        await store.forget(ID);
        expect(await granted(at(1))).toBe(1);
        await store.forget(ID);
        expect(await granted(at(1), { floor: 9 })).toBe(10);
      });
    });

    it('hands out greater and greater tokens whatever happens', async () => {
      let runs = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 20 }), async (operations) => {
          await checkTokensGrow(bench, `random-${++runs}`, operations);
        }),
        { numRuns: 40 },
      );
    });

    it('never calls a store that cannot answer "held", "lost" or "refused"', async () => {
      if (!bench.broken) return;
      const { broken } = bench;
      expect(await broken.acquire(ID, at(1), { nonce: 'n', ttlMs: HOUR })).toEqual({
        outcome: 'unavailable',
        cause: expect.any(Error),
      });
      expect(await broken.renew(ID, 1, HOUR)).toMatchObject({ outcome: 'unavailable' });
      expect(await broken.advance(ID, 1, at(1), at(2), HOUR)).toMatchObject({ outcome: 'unavailable' });
      await expect(broken.release(ID, at(1), 1)).rejects.toBeInstanceOf(LeaseUnavailableError);
      await expect(broken.forget(ID)).rejects.toBeInstanceOf(LeaseUnavailableError);
    });

    describeBadArguments(() => store);
  });
}

/** For stores whose server can be replaced: `changeIdentity` does what a failover or a restore does. */
export function describeIdentityChange(
  name: string,
  factory: () => Promise<LeaseStoreBench & { changeIdentity(): Promise<void> }>,
): void {
  describe(`${name}, after its server changed`, () => {
    let bench: Awaited<ReturnType<typeof factory>>;
    beforeEach(async () => {
      bench = await factory();
    });
    afterEach(() => bench.close?.());

    const acquire = (nonce: string, step: StepRef) => bench.store.acquire(ID, step, { nonce, ttlMs: HOUR });

    it('jumps to server time in µs once, then counts on', async () => {
      expect(await acquire('a', at(1))).toMatchObject({ fence: 1 });
      await bench.store.release(ID, at(1), 1);
      await bench.changeIdentity();
      const jumped = await acquire('b', at(1));
      if (jumped.outcome !== 'granted') throw new Error('expected a grant');
      expect(jumped.fence).toBeGreaterThan(Date.parse('2020-01-01') * 1000);
      await bench.store.release(ID, at(1), jumped.fence);
      expect(await acquire('c', at(1))).toMatchObject({ fence: jumped.fence + 1 });
    });

    it('refuses to advance, yet renews and releases', async () => {
      await acquire('a', at(1));
      await bench.changeIdentity();
      expect(await bench.store.advance(ID, 1, at(1), at(2), HOUR)).toEqual({ outcome: 'refused' });
      expect(await bench.store.renew(ID, 1, HOUR)).toMatchObject({ outcome: 'renewed' });
      expect(await bench.store.release(ID, at(1), 1)).toBe(true);
    });

    it('answers a repeat alike, with no jump', async () => {
      const first = await acquire('a', at(1));
      await bench.changeIdentity();
      expect(await acquire('a', at(1))).toEqual(first);
    });
  });
}

export type Operation =
  | {
      readonly do: 'acquire';
      readonly steps: number;
      readonly nonce: string;
      readonly ttlMs: number;
      readonly floor: number;
    }
  | { readonly do: 'release' | 'renew' | 'advance'; readonly steps: number; readonly late: boolean }
  | { readonly do: 'pass' };

const steps = fc.integer({ min: 0, max: 2 });

/** Any operation of few workers on few steps. `late` acts under the token before the last. */
export const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    do: fc.constant('acquire' as const),
    steps,
    nonce: fc.constantFrom('a', 'b', 'c'),
    ttlMs: fc.constantFrom(2, HOUR),
    floor: fc.constantFrom(0, 0, 3, 10),
  }),
  fc.record({
    do: fc.constantFrom('release' as const, 'renew' as const, 'advance' as const),
    steps,
    late: fc.boolean(),
  }),
  fc.constant({ do: 'pass' as const }),
);

/** Runs one operation as some worker would that knows the last token handed out. */
export async function perform(store: LeaseStore, id: string, op: Operation, last: number): Promise<unknown> {
  if (op.do === 'pass') return undefined;
  const step = at(op.steps);
  if (op.do === 'acquire') return store.acquire(id, step, { nonce: `${op.nonce}${op.steps}`, ttlMs: op.ttlMs, floor: op.floor });
  const fence = Math.max(1, op.late ? last - 1 : last);
  if (op.do === 'release') return store.release(id, step, fence);
  if (op.do === 'renew') return store.renew(id, fence, HOUR);
  return store.advance(id, fence, step, at(op.steps + 1), HOUR);
}

async function checkTokensGrow(bench: LeaseStoreBench, id: string, operations: readonly Operation[]): Promise<void> {
  let last = 0;
  let lastCall = '';
  for (const op of operations) {
    if (op.do === 'pass') await bench.pass(3);
    const result = (await perform(bench.store, id, op, last)) as { outcome?: string; fence?: number } | undefined;
    if (result?.outcome !== 'granted') continue;
    const fence = result.fence as number;
    const call = op.do === 'acquire' ? `${op.nonce} ${op.steps}` : 'advance';
    // The same token twice only as the answer to a repeat.
    if (fence === last) expect(call).toBe(lastCall);
    else expect(fence).toBeGreaterThan(last);
    last = fence;
    lastCall = call;
  }
}
