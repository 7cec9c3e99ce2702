import { median, type Figures } from '../report';
import { account } from './account';
import { fill } from './fill';
import { halfLoad } from './half-load';
import { idle } from './idle';
import { SLEEPER, TIMED_SLEEPER } from './machines';
import { pages } from './pages';
import { stepsPerSecond } from './rate';
import { Site } from './site';
import { oneRedis } from './target';

export interface Sizes {
  readonly few: number;
  readonly many: number;
  readonly most: number;
}

/** Machines of one measurement of steps per second. */
const MACHINES = 3_000;
/** Measurements of each in a round: one of them takes two seconds, in which anything may happen on a machine that others use too. */
const TURNS = 5;
/** As Redis comes. */
const UNTUNED = ['--hash-max-listpack-value', '64', '--hash-max-listpack-entries', '512'];

/** Three servers with machines that wait: filled once, and measured in turns. Those of the largest have a timer each. */
export class Live {
  private constructor(
    private readonly sites: readonly (readonly [on: keyof Sizes, site: Site, machine: string])[],
    /** What was measured while they were filled. */
    readonly filling: Figures,
  ) {}

  static async fill({ few, many, most }: Sizes): Promise<Live> {
    const open = async (extraArgs: readonly string[] = []): Promise<Site> =>
      Site.open(await oneRedis({ log: false, extraArgs }), 1);
    const untuned = await open(UNTUNED);
    const bytesUntuned = await fill(untuned, SLEEPER, Math.min(many, 20_000));
    await untuned.close();
    await untuned.target.stop();

    const sites = [
      ['few', await open(), SLEEPER],
      ['many', await open(), SLEEPER],
      ['most', await open(), TIMED_SLEEPER],
    ] as const;
    const [[, smallest], [, middle], [, largest]] = sites;
    await fill(smallest, SLEEPER, few);
    const bytes = await fill(middle, SLEEPER, many);
    const began = performance.now();
    const bytesTimed = await fill(largest, TIMED_SLEEPER, most);
    const filledPerSecond = Math.round((most * 1000) / (performance.now() - began));
    const [waitingBytes, timedBytes] = [Math.round(bytes), Math.round(bytesTimed)];
    const sizes = { bytesUntuned: Math.round(bytesUntuned), waitingBytes, timedBytes, filledPerSecond };
    return new Live(sites, { ...sizes, ...(await account(middle, SLEEPER, bytes)) });
  }

  /** One round over all of them; the order turns, so that what a machine does besides falls on all alike. */
  async round(number: number, scale: number, seconds: number): Promise<Figures> {
    const figures: Record<string, number> = {};
    const turn = number % this.sites.length;
    const inTurn = [...this.sites.slice(turn), ...this.sites.slice(0, turn)];
    const steps = new Map(inTurn.map(([on]) => [on, [] as number[]]));
    for (let i = 0; i < TURNS; i++) {
      for (const [on, site] of i % 2 === 0 ? inTurn : inTurn.toReversed()) {
        steps.get(on)?.push(await stepsPerSecond(site, 1, Math.max(300, Math.round(MACHINES * scale))));
      }
    }
    for (const [on, measured] of steps) figures[`${on}Steps`] = median(measured);
    for (const [on, site, machine] of inTurn) {
      Object.assign(figures, await pages(site, machine, on), await idle(site, on, seconds));
    }
    const largest = this.sites.find(([on]) => on === 'most');
    if (largest) Object.assign(figures, await halfLoad(largest[1], largest[2], 2 * seconds));
    return figures;
  }

  async close(): Promise<void> {
    for (const [, site] of this.sites) {
      await site.close();
      await site.target.stop();
    }
  }
}
