import type { RedisConnection } from './connect';
import { quantile } from '../core/histogram';
import { Figures, type DefinitionFigures, type StateFigures, type TimingTotal } from '../core/timings';
import type { Keyspace } from './keyspace';
import { answered } from './store-error';
import { readTotalField, readWindowField, SLOTS } from './timing-fields';

const MINUTE_MS = 60_000;

/** Counts by bucket. */
type Counts = Map<number, number>;

/** Reads what workers have timed. */
export class RedisFigures extends Figures {
  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
  ) {
    super();
  }

  async totals(): Promise<readonly TimingTotal[]> {
    const fields = await answered(this.redis.hgetall(this.keys.timings));
    const found = new Map<string, Omit<TimingTotal, 'octaves' | 'sumMs'> & { octaves: Counts; sumMs: number }>();
    for (const [field, text] of Object.entries(fields)) {
      const { timing, machine, state, part } = readTotalField(field);
      const name = `${timing}/${machine}/${state}`;
      let total = found.get(name);
      if (!total) found.set(name, (total = { timing, machine, state, octaves: new Map(), sumMs: 0 }));
      if (part === 'sum') total.sumMs = Number(text) / 1000;
      else total.octaves.set(part, Number(text));
    }
    return [...found.values()];
  }

  async of(machine: string, version: number): Promise<DefinitionFigures> {
    const [seconds, micros] = await answered(this.redis.time());
    const nowMs = Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
    const first = Math.floor(nowMs / MINUTE_MS) - SLOTS + 1;
    const slots = await answered(
      Promise.all(Array.from({ length: SLOTS }, (_, i) => this.redis.hgetall(this.keys.figures(machine, version, first + i)))),
    );
    const windowMs = nowMs - first * MINUTE_MS;
    return { states: statesOf(slots, windowMs), windowMs };
  }
}

function statesOf(slots: readonly Record<string, string>[], windowMs: number): StateFigures[] {
  const states = new Map<string, { readonly step: Counts; readonly dwell: Counts }>();
  for (const slot of slots) {
    for (const [field, text] of Object.entries(slot)) {
      const { timing, state, bucket } = readWindowField(field);
      let both = states.get(state);
      if (!both) states.set(state, (both = { step: new Map(), dwell: new Map() }));
      both[timing].set(bucket, (both[timing].get(bucket) ?? 0) + Number(text));
    }
  }
  return [...states]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([state, { step, dwell }]) => {
      const steps = [...step.values()].reduce((sum, count) => sum + count, 0);
      return {
        state,
        perMinute: round((steps * MINUTE_MS) / windowMs),
        ...{ p50Ms: ms(step, 0.5), p95Ms: ms(step, 0.95) },
        ...{ dwellP50Ms: ms(dwell, 0.5), dwellP95Ms: ms(dwell, 0.95) },
      };
    });
}

function ms(counts: Counts, share: number): number | null {
  const value = quantile(counts, share);
  return value === null ? null : round(value);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
