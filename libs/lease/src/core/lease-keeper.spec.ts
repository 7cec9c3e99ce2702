import { VirtualClock } from '../testing/virtual-clock';
import { LeaseLostError } from './errors';
import { LeaseKeeper, type LeaseKeeperOptions } from './lease-keeper';
import type { RenewResult } from './lease-store';

type Outcome = RenewResult['outcome'];

function setUp(options: Partial<LeaseKeeperOptions> = {}) {
  const clock = new VirtualClock();
  const renewals: { at: number; fence: number }[] = [];
  const answers: (Outcome | Promise<Outcome>)[] = [];
  const lags: number[] = [];
  const lost: Error[] = [];
  const keeper = new LeaseKeeper({
    ttlMs: 9_000,
    sentAt: 0,
    fence: 7,
    clock,
    renew: async (fence) => {
      renewals.push({ at: clock.monotonic(), fence });
      return (await answers.shift()) ?? 'renewed';
    },
    onLag: (ms) => lags.push(ms),
    onLost: (error) => lost.push(error),
    ...options,
  });
  return { clock, keeper, renewals, answers, lags, lost };
}

const never = () => new Promise<Outcome>(() => undefined);

function later(): { promise: Promise<Outcome>; answer: (outcome: Outcome) => void } {
  let answer!: (outcome: Outcome) => void;
  const promise = new Promise<Outcome>((resolve) => (answer = resolve));
  return { promise, answer };
}

describe('LeaseKeeper', () => {
  it('renews at a third of the time, again and again, under the token it holds', async () => {
    const { clock, keeper, renewals } = setUp();
    await clock.advance(9_000);
    expect(renewals).toEqual([
      { at: 3_000, fence: 7 },
      { at: 6_000, fence: 7 },
      { at: 9_000, fence: 7 },
    ]);
    expect(keeper.lost).toBe(false);
    expect(clock.timers).toBe(1);
  });

  it('takes whole results of a store as well as bare outcomes', async () => {
    const { clock, keeper } = setUp({ renew: async () => ({ outcome: 'renewed', until: 1 }) });
    await clock.advance(30_000);
    expect(keeper.lost).toBe(false);
  });

  it('aborts the signal when a renewal says that the lease is lost', async () => {
    const { clock, keeper, answers, lost } = setUp();
    answers.push('renewed', 'lost');
    const { signal } = keeper;
    await clock.advance(5_999);
    expect(signal.aborted).toBe(false);
    await clock.advance(1);
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toBeInstanceOf(LeaseLostError);
    expect(signal.reason.code).toBe('LEASE_LOST');
    expect(keeper.lost).toBe(true);
    expect(lost).toEqual([signal.reason]);
    expect(clock.timers).toBe(0);
  });

  it('hands out an aborted signal to one who first asks after the loss', async () => {
    const { clock, keeper, answers } = setUp();
    answers.push('lost');
    await clock.advance(3_000);
    expect(keeper.signal.aborted).toBe(true);
    expect(keeper.signal.reason).toBeInstanceOf(LeaseLostError);
  });

  it('tries again soon while the store is unavailable, and gives up at its own deadline', async () => {
    const tries: number[] = [];
    const { clock, keeper } = setUp({
      ttlMs: 900,
      renew: async () => {
        tries.push(clock.monotonic());
        throw new Error('connection refused');
      },
    });
    await clock.advance(899);
    expect(tries).toEqual([300, 390, 480, 570, 660, 750, 840]);
    expect(keeper.lost).toBe(false);
    await clock.advance(1);
    expect(keeper.lost).toBe(true);
    expect(clock.timers).toBe(0);
  });

  it('waits no longer than a second between two tries, however long the lease', async () => {
    const { clock, renewals, answers } = setUp({ ttlMs: 60_000 });
    answers.push('unavailable', 'unavailable', 'renewed');
    await clock.advance(22_000);
    expect(renewals.map(({ at }) => at)).toEqual([20_000, 21_000, 22_000]);
  });

  it('is lost at the deadline when a renewal never answers', async () => {
    const { clock, keeper, answers } = setUp();
    answers.push(never());
    const { signal } = keeper;
    await clock.advance(8_999);
    expect(signal.aborted).toBe(false);
    await clock.advance(1);
    expect(signal.aborted).toBe(true);
  });

  it('counts the deadline from the sending of a renewal, not from its answer', async () => {
    const { clock, keeper, answers } = setUp();
    const slow = later();
    answers.push(slow.promise, never());
    await clock.advance(8_000);
    slow.answer('renewed');
    await clock.advance(3_999); // sent at 3,000 + 9,000
    expect(keeper.lost).toBe(false);
    await clock.advance(1);
    expect(keeper.lost).toBe(true);
  });

  it('finds itself lost after the process stood still, before any timer has run', () => {
    const { clock, keeper, renewals } = setUp();
    const { signal } = keeper;
    clock.block(9_000);
    expect(signal.aborted).toBe(false);
    expect(keeper.check()).toBe(false);
    expect(signal.aborted).toBe(true);
    expect(renewals).toEqual([]);
  });

  it('sends no renewal after the process stood still past the deadline: the first timer ends it', async () => {
    const { clock, keeper, renewals, lags } = setUp();
    clock.block(10_000);
    await clock.advance(0);
    expect(keeper.signal.aborted).toBe(true);
    expect(renewals).toEqual([]);
    expect(lags).toEqual([7_000]);
  });

  it('goes on when the event loop was blocked for less than the lease, and reports the lag', async () => {
    const { clock, keeper, renewals, lags } = setUp();
    clock.block(4_000);
    await clock.advance(0);
    expect(keeper.lost).toBe(false);
    expect(renewals).toEqual([{ at: 4_000, fence: 7 }]);
    expect(lags).toEqual([1_000]);
  });

  it('goes on with the new token and time after an advance, on the timer it has', async () => {
    const { clock, keeper, renewals, lags } = setUp();
    await clock.advance(2_000);
    keeper.extend(8, 2_000);
    expect(keeper.fence).toBe(8);
    expect(clock.timers).toBe(1);
    await clock.advance(3_000);
    expect(renewals).toEqual([{ at: 5_000, fence: 8 }]);
    expect(lags).toEqual([0, 0]);
  });

  it('does not take its own advance for a loss', async () => {
    const { clock, keeper, answers, renewals } = setUp();
    const crossing = later();
    answers.push(crossing.promise);
    await clock.advance(3_000);
    keeper.pause(); // the advance is sent; the renewal under way meets token 8
    crossing.answer('lost');
    await clock.advance(1_000);
    expect(keeper.lost).toBe(false);
    keeper.extend(8, 3_000);
    await clock.advance(2_000);
    expect(keeper.lost).toBe(false);
    expect(renewals[1]).toEqual({ at: 6_000, fence: 8 });
  });

  it('ignores the late answer to a renewal of the token before', async () => {
    const { clock, keeper, answers } = setUp();
    const crossing = later();
    answers.push(crossing.promise);
    await clock.advance(3_000);
    keeper.extend(8, 3_000);
    crossing.answer('lost');
    await clock.advance(0);
    expect(keeper.lost).toBe(false);
  });

  it('sends nothing while an advance is under way, and catches up when it did not take place', async () => {
    const { clock, keeper, renewals } = setUp();
    keeper.pause();
    await clock.advance(4_000);
    expect(renewals).toEqual([]);
    keeper.resume();
    await clock.advance(0);
    expect(renewals).toEqual([{ at: 4_000, fence: 7 }]);
  });

  it('keeps the deadline while an advance is under way', async () => {
    const { clock, keeper } = setUp();
    keeper.pause();
    await clock.advance(9_000);
    expect(keeper.lost).toBe(true);
  });

  it('leaves no timer and says nothing after stop', async () => {
    const { clock, keeper, renewals, lost } = setUp();
    const { signal } = keeper;
    keeper.stop();
    expect(clock.timers).toBe(0);
    await clock.advance(20_000);
    expect([renewals.length, lost.length, signal.aborted, keeper.lost]).toEqual([0, 0, false, false]);
  });

  it('aborts with the reason it is given', () => {
    const { clock, keeper, lost } = setUp();
    const { signal } = keeper;
    const reason = new Error('the worker leaves');
    keeper.abort(reason);
    expect(signal.reason).toBe(reason);
    expect([keeper.lost, lost.length, clock.timers]).toEqual([true, 0, 0]);
  });

  it('is lost at once when it is made too late', async () => {
    const { clock, keeper } = setUp({ sentAt: -9_001 });
    await clock.advance(0);
    expect(keeper.lost).toBe(true);
  });
});
