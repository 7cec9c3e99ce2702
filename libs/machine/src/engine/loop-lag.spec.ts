import { VirtualClock } from '../../../lease/src/testing/virtual-clock';
import { LAG_WINDOW_MS, LoopLag } from './loop-lag';

const LEASE_MS = 3000;

/** A clock whose timers fire late where the loop is blocked; each block begins when a timer is due. */
class BlockableClock extends VirtualClock {
  private behind = 0;

  override monotonic(): number {
    return super.monotonic() + this.behind;
  }

  /** Time passes, and nothing runs. */
  override block(ms: number): void {
    this.behind += ms;
  }
}

function setUp() {
  const clock = new BlockableClock();
  const warnings: string[] = [];
  const log = { debug() {}, log() {}, warn: (text: string) => void warnings.push(text), error() {} };
  const lag = new LoopLag({ clock, log, leaseTtlMs: LEASE_MS, active: () => 7 });
  lag.start();
  return { clock, warnings, lag };
}

describe('LoopLag', () => {
  it('measures nothing while timers fire in time', async () => {
    const { clock, warnings, lag } = setUp();
    await clock.advance(10_000);
    expect(lag.longestMs).toBe(0);
    expect(warnings).toEqual([]);
  });

  it('measures a block', async () => {
    const { clock, lag } = setUp();
    await clock.advance(250);
    clock.block(2000);
    await clock.advance(100);
    expect(lag.longestMs).toBe(2000);
  });

  it('tells of a block that has just ended, before its own timer has fired', () => {
    const { clock, lag } = setUp();
    clock.block(2000);
    expect(lag.longestMs).toBe(2000 - LEASE_MS / 30);
  });

  it('tells the longest of the last half minute, and forgets what is older', async () => {
    const { clock, lag } = setUp();
    clock.block(900);
    await clock.advance(10_000);
    clock.block(700);
    await clock.advance(10_000);
    expect(lag.longestMs).toBe(900);
    await clock.advance(LAG_WINDOW_MS - 20_000);
    expect(lag.longestMs).toBe(700);
    await clock.advance(LAG_WINDOW_MS);
    expect(lag.longestMs).toBe(0);
  });

  it('warns of a block longer than a third of the lease, with its length, what is in hand and what it puts at risk', async () => {
    const { clock, warnings } = setUp();
    clock.block(LEASE_MS / 3);
    await clock.advance(100);
    expect(warnings).toEqual([]);
    clock.block(1500);
    await clock.advance(100);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /stood still for 1500 ms, 7 machines are in hand.*as long as a lease \(3000 ms\) loses the steps/,
    );
  });

  it('says of a block as long as the lease that the steps in hand are run again', async () => {
    const { clock, warnings } = setUp();
    clock.block(5000);
    await clock.advance(100);
    expect(warnings[0]).toMatch(/have run out: other workers run them again, and what they commit here is refused/);
  });

  it('warns once in five seconds, and then says how often it was silent', async () => {
    const { clock, warnings } = setUp();
    for (let i = 0; i < 3; i++) {
      clock.block(1300);
      await clock.advance(100);
    }
    expect(warnings).toHaveLength(1);
    await clock.advance(5000);
    clock.block(1300);
    await clock.advance(100);
    expect(warnings).toHaveLength(2);
    expect(warnings[1]).toContain('(and 2 times more since this was last said)');
  });

  it('leaves no timer behind, and measures nothing, once stopped', async () => {
    const { clock, lag } = setUp();
    lag.stop();
    clock.block(5000);
    await clock.advance(1000);
    expect(clock.timers).toBe(0);
    expect(lag.longestMs).toBe(0);
  });
});
