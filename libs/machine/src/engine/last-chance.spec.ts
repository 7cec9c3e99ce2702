import { VirtualClock } from '../../../lease/src/testing/virtual-clock';
import { LastChance } from './last-chance';

const LEASE_MS = 20_000;

describe('LastChance', () => {
  let clock: VirtualClock;
  let chance: LastChance;
  beforeEach(() => {
    clock = new VirtualClock();
    chance = new LastChance(clock, LEASE_MS);
  });

  /** Whether somebody who comes now would be let in at once. */
  async function isFree(): Promise<boolean> {
    return Promise.race([Promise.resolve(chance.alone).then(() => true), clock.advance(0).then(() => false)]);
  }

  it('keeps nobody waiting while nobody is to be alone', async () => {
    expect([chance.taken, await isFree()]).toEqual([false, true]);
  });

  it('keeps others waiting until the work is over, also when it throws', async () => {
    let leave!: (how: 'returns' | 'throws') => void;
    const work = chance.take(async () => {
      if ((await new Promise((resolve) => (leave = resolve))) === 'throws') throw new Error('no');
    });
    expect([chance.taken, await isFree()]).toEqual([true, false]);
    leave('throws');
    await expect(work).rejects.toThrow('no');
    expect([chance.taken, await isFree()]).toEqual([false, true]);
  });

  it('lets others in beside work that takes longer than two leases, and is taken until that ends', async () => {
    let leave!: () => void;
    const work = chance.take(() => new Promise<void>((resolve) => (leave = resolve)));
    await clock.advance(2 * LEASE_MS);
    expect([chance.taken, await isFree()]).toEqual([true, true]);
    leave();
    await work;
    expect(chance.taken).toBe(false);
  });

  it('lets all go at a shutdown', async () => {
    void chance.take(() => new Promise(() => undefined));
    chance.letGo();
    expect(await isFree()).toBe(true);
  });

  it('waits until it is quiet, for as long as a lease at most', async () => {
    let quiet = false;
    let done = false;
    void chance.quiet(() => quiet).then(() => (done = true));
    await clock.advance(100);
    expect(done).toBe(false);
    quiet = true;
    await clock.advance(100);
    expect(done).toBe(true);

    done = false;
    void chance.quiet(() => false).then(() => (done = true));
    await clock.advance(LEASE_MS - 200);
    expect(done).toBe(false);
    await clock.advance(200);
    expect(done).toBe(true);
  });
});
