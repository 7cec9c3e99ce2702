import { VirtualClock } from '@stile/lease';
import { CalmLog, plain } from './calm-log';

function stage() {
  const clock = new VirtualClock();
  const lines: string[] = [];
  const write = (message: string): void => void lines.push(message);
  return { clock, lines, log: new CalmLog({ debug: write, log: write, warn: write, error: write }, clock) };
}
const lost = (id: number): string =>
  `machine m${id} (chain: a --b--> c, step 1, retry 0): the lease was lost, the signal is aborted`;

describe('CalmLog', () => {
  it('says of fifty machines that lose their lease in an outage what became of one, and in five seconds how many there were', async () => {
    const { clock, lines, log } = stage();
    for (let i = 0; i < 50; i++) log.warn(lost(i));
    expect(lines).toEqual([lost(0)]);
    await clock.advance(5000);
    expect(lines.slice(1)).toEqual([`${lost(49)} (and 48 more like this)`]);
  });

  it('lets one line in five seconds through while a flood lasts, and none after it', async () => {
    const { clock, lines, log } = stage();
    for (let i = 0; i < 200; i++) {
      log.warn(`queue machines: read ECONNRESET`);
      await clock.advance(100);
    }
    expect(lines).toHaveLength(5);
    await clock.advance(60_000);
    expect(lines.length).toBeLessThanOrEqual(6);
    expect(clock.timers).toBe(0);
  });

  it('counts one kind apart from another', () => {
    const { lines, log } = stage();
    log.warn(lost(1));
    log.warn('queue machines: read ECONNRESET');
    expect(lines).toHaveLength(2);
  });

  it('leaves alone what fails for reasons of its own, and what is no warning', () => {
    const { lines, log } = stage();
    for (let i = 0; i < 3; i++) {
      log.warn(`machine m${i} (chain: a --b--> c, step 1, retry 0) failed, again in 10 ms: E: no`);
      log.error(lost(i));
      log.log('queue machines: closed');
    }
    expect(lines).toHaveLength(9);
  });

  it('takes errors for one that name different jobs only', () => {
    const { lines, log } = stage();
    for (const id of ['o-1f', 'b2.x', '9ab3c-77']) log.warn(`queue machines: could not renew lock for job ${id}.3.0.0`);
    expect(lines).toHaveLength(1);
  });

  it('lets five lines a second of all floods through, however many there are, and tells of all of them in the end', async () => {
    const { clock, lines, log } = stage();
    for (const letter of 'abcdefghijklmnopqrst') log.warn(`queue machines: error ${letter}`);
    expect(lines).toHaveLength(5);
    for (let second = 0; second < 20; second++) {
      const before = lines.length;
      await clock.advance(1000);
      expect(lines.length - before).toBeLessThanOrEqual(5);
    }
    expect(new Set(lines).size).toBe(20);
    expect(clock.timers).toBe(0);
  });

  it('lets another error through beside a flood, tells at the end what it held back, and leaves users’ own lines alone', () => {
    const { lines, log } = stage();
    for (let i = 0; i < 3; i++) log.warn(`queue machines: connect ECONNREFUSED 127.0.0.1:${6379 + i}`);
    log.warn('queue machines: NOAUTH Authentication required.');
    expect(lines).toHaveLength(2);
    log.flush();
    expect(lines.slice(2)).toEqual(['queue machines: connect ECONNREFUSED 127.0.0.1:6381']);
    for (let i = 0; i < 3; i++) plain(log).warn('queue full: customer 17');
    expect(lines).toHaveLength(6);
  });
});
