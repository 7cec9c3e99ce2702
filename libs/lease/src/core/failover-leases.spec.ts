import { MemoryLeaseStore } from '../memory/memory-lease-store';
import { FailingLeaseStore } from '../testing/failing-lease-store';
import { describeLeaseStore } from '../testing/lease-store.contract';
import { VirtualClock } from '../testing/virtual-clock';
import { LeaseUnavailableError } from './errors';
import { FailoverLeases } from './failover-leases';
import { MemoryPlacement, type LeasePlacement } from './lease-placement';
import type { AcquireResult, Seat } from './lease-store';

const ID = 'machine-1';
const STEP = { steps: 1, retries: 0 };
const NEXT = { steps: 2, retries: 0 };
const ttlMs = 60_000;

function setUp(placementOf: (own: MemoryPlacement) => LeasePlacement = (own) => own) {
  const clock = new VirtualClock();
  const primary = new FailingLeaseStore(new MemoryLeaseStore({ clock: () => clock.now() }));
  const secondary = new FailingLeaseStore(new MemoryLeaseStore({ clock: () => clock.now() }));
  const own = new MemoryPlacement({ clock, cooldownMs: 10_000 });
  const errors: string[] = [];
  const leases = new FailoverLeases(primary, secondary, {
    placement: placementOf(own),
    onUnavailable: (id, store) => errors.push(`${id} ${store}`),
  });
  let attempts = 0;
  const acquire = (options: { seat?: Seat } = {}, step = STEP): Promise<AcquireResult> =>
    leases.acquire(ID, step, { nonce: `n${++attempts}`, ttlMs, ...options });
  return { clock, primary, secondary, placement: own, errors, leases, acquire };
}

function fenceOf(result: AcquireResult): number {
  if (result.outcome !== 'granted') throw new Error(`expected a grant, got ${JSON.stringify(result)}`);
  return result.fence;
}

describeLeaseStore('FailoverLeases over memory stores', async () => {
  const { clock, leases } = setUp();
  const down = setUp();
  down.primary.failing = true;
  down.secondary.failing = true;
  return { store: leases, broken: down.leases, pass: async (ms) => clock.block(ms) };
});

describe('FailoverLeases', () => {
  it('stays on the primary while it answers; "held" moves nothing', async () => {
    const { acquire, secondary, errors } = setUp();
    expect(await acquire()).toMatchObject({ outcome: 'granted', fence: 1, store: 'primary' });
    expect(await acquire()).toMatchObject({ outcome: 'held' });
    expect(secondary.calls).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('moves an id to the secondary once, with a greater token, and stays when the primary is back', async () => {
    const { acquire, leases, primary, secondary, errors } = setUp();
    const first = fenceOf(await acquire());
    await leases.release(ID, STEP, first);
    primary.failing = true;
    const second = await acquire();
    expect(second).toMatchObject({ outcome: 'granted', store: 'secondary' });
    expect(fenceOf(second)).toBeGreaterThan(1_700_000_000_000_000);
    expect(errors).toEqual([`${ID} primary`]);
    await leases.release(ID, STEP, fenceOf(second));

    primary.failing = false;
    primary.calls.length = 0;
    const third = await acquire();
    expect(third).toMatchObject({ store: 'secondary', fence: fenceOf(second) + 1 });
    expect(primary.calls).toEqual([]);
    expect(secondary.calls).toEqual(['acquire', 'release', 'acquire']);
  });

  it('moves ids one by one', async () => {
    const { acquire, leases, primary } = setUp();
    primary.failing = true;
    await acquire();
    primary.failing = false;
    expect(await leases.acquire('other', STEP, { nonce: 'n', ttlMs })).toMatchObject({
      fence: 1,
      store: 'primary',
    });
  });

  it('comes back when the secondary fails later, with greater tokens still', async () => {
    const { acquire, leases, primary, secondary, clock } = setUp();
    primary.failing = true;
    const onSecondary = fenceOf(await acquire());
    await leases.release(ID, STEP, onSecondary);
    primary.failing = false;
    secondary.failing = true;
    expect(await acquire()).toMatchObject({ outcome: 'unavailable' }); // too soon after the last move
    clock.block(10_000);
    const back = await acquire();
    expect(back).toMatchObject({ outcome: 'granted', store: 'primary' });
    expect(fenceOf(back)).toBeGreaterThan(onSecondary);
  });

  it('is unavailable when both are, and says so of both', async () => {
    const { acquire, primary, secondary, errors } = setUp();
    primary.failing = true;
    secondary.failing = true;
    const result = await acquire();
    expect(result).toMatchObject({ outcome: 'unavailable', cause: expect.any(LeaseUnavailableError) });
    expect(errors).toEqual([`${ID} primary`, `${ID} secondary`]);
  });

  it('follows another who has flipped first, and does not flip again', async () => {
    const seats: Seat[] = [
      { store: 'primary', floor: 0 },
      { store: 'secondary', floor: 500 },
    ];
    const flip = jest.fn(async () => undefined);
    const { acquire, primary } = setUp(() => ({ read: async () => seats.shift() as Seat, flip }));
    primary.failing = true;
    expect(await acquire()).toMatchObject({ outcome: 'granted', store: 'secondary', fence: 501 });
    expect(flip).toHaveBeenCalledTimes(1);
    expect(flip).toHaveBeenCalledWith(ID, 'primary');
    expect(seats).toEqual([]);
  });

  it('takes the seat its caller has read instead of reading again', async () => {
    const read = jest.fn();
    const { acquire } = setUp((own) => ({ read, flip: (id, from) => own.flip(id, from) }));
    expect(await acquire({ seat: { store: 'secondary', floor: 70 } })).toMatchObject({
      store: 'secondary',
      fence: 71,
    });
    expect(read).not.toHaveBeenCalled();
  });

  it('is unavailable when the placement cannot be read', async () => {
    const { acquire, leases, primary, secondary } = setUp(() => ({
      read: () => Promise.reject(new Error('record server is down')),
      flip: () => Promise.reject(new Error('record server is down')),
    }));
    expect(await acquire()).toMatchObject({ outcome: 'unavailable' });
    expect(await leases.renew(ID, 1, ttlMs)).toMatchObject({ outcome: 'unavailable' });
    await expect(leases.release(ID, STEP, 1)).rejects.toBeInstanceOf(LeaseUnavailableError);
    expect([...primary.calls, ...secondary.calls]).toEqual([]);
  });

  it('keeps a granted lease with the store that granted it, wherever the id has gone since', async () => {
    const { acquire, leases, placement, primary, secondary } = setUp();
    const fence = fenceOf(await acquire());
    await placement.flip(ID, 'primary');
    expect(await leases.renew(ID, fence, ttlMs)).toMatchObject({ outcome: 'renewed' });
    expect(await leases.advance(ID, fence, STEP, NEXT, ttlMs)).toMatchObject({
      outcome: 'granted',
      store: 'primary',
    });
    expect(await leases.release(ID, NEXT, fence + 1)).toBe(true);
    expect(primary.calls).toEqual(['acquire', 'renew', 'advance', 'release']);
    expect(secondary.calls).toEqual([]);
    // Released: from now on the placement counts.
    expect(await leases.release(ID, NEXT, fence + 1)).toBe(false);
    expect(secondary.calls).toEqual(['release']);
  });

  it('moves nothing when a renewal cannot be answered: a live holder would lose its lease', async () => {
    const { acquire, leases, placement, primary, secondary, errors } = setUp();
    const fence = fenceOf(await acquire());
    primary.failing = true;
    expect(await leases.renew(ID, fence, ttlMs)).toMatchObject({ outcome: 'unavailable' });
    expect(await leases.advance(ID, fence, STEP, NEXT, ttlMs)).toMatchObject({ outcome: 'unavailable' });
    await expect(leases.release(ID, STEP, fence)).rejects.toBeInstanceOf(LeaseUnavailableError);
    expect(await placement.read(ID)).toMatchObject({ store: 'primary' });
    expect(secondary.calls).toEqual([]);
    expect(errors).toHaveLength(3);
    primary.failing = false;
    expect(await leases.renew(ID, fence, ttlMs)).toMatchObject({ outcome: 'renewed' });
  });

  it('forgets on both stores, and the placement last', async () => {
    const { acquire, leases, placement, primary, secondary } = setUp();
    primary.failing = true;
    await acquire();
    await expect(leases.forget(ID)).rejects.toBeInstanceOf(LeaseUnavailableError);
    expect(secondary.calls).toContain('forget');
    expect(await placement.read(ID)).toMatchObject({ store: 'secondary' });
    primary.failing = false;
    await leases.forget(ID);
    expect(await placement.read(ID)).toEqual({ store: 'primary', floor: 0 });
    expect(await acquire()).toMatchObject({ fence: 1, store: 'primary' });
  });
});

describe('MemoryPlacement', () => {
  it('flips only from where the id is, and raises the floor each time', async () => {
    const clock = new VirtualClock();
    const placement = new MemoryPlacement({ clock, cooldownMs: 0 });
    expect(await placement.flip(ID, 'secondary')).toBeUndefined();
    const first = (await placement.flip(ID, 'primary')) as Seat;
    expect(await placement.flip(ID, 'primary')).toBeUndefined();
    const second = (await placement.flip(ID, 'secondary')) as Seat;
    expect([first.store, second.store]).toEqual(['secondary', 'primary']);
    expect(first.floor).toBe(clock.now() * 1000);
    expect(second.floor).toBeGreaterThan(first.floor);
  });
});
