import type { Clock } from '@stile/lease';
import type { StileError } from '../core/errors';
import { MemoryShortError, TooManyStartsError } from '../core/limit-errors';
import type { MemoryProbe, ShareStore } from '../core/share-ports';
import { tenantOf } from '../core/tenant';
import type { ShareWatch } from './share-watch';

interface Asked {
  readonly machine: string;
  readonly correlationId?: string;
}

/** Lets starts from outside in. Children of machines do not come this way: what is running must be able to go on. */
export interface StartGate {
  /** @returns for each what refuses it, or nothing */
  admit(starts: readonly Asked[]): Promise<readonly (StileError | undefined)[]>;
}

export interface FloodGateParts {
  readonly store: Pick<ShareStore, 'admit'>;
  readonly names: ShareWatch;
  readonly memory: MemoryProbe;
  readonly clock: Clock;
  /** Share of the memory from which on nothing is started, 0 to 1; 1 for never. @default 0.8 */
  readonly memoryLimit?: number;
}

const SAMPLE_MS = 1000;

/**
 * Keeps a flood of starts from the store. Without limits it costs a start nothing: memory is looked at once a second at most, behind the
 * start that finds the last look old.
 */
export class FloodGate implements StartGate {
  private used = 0;
  private sampledAt = -Infinity;
  private sampling?: Promise<void>;

  constructor(private readonly parts: FloodGateParts) {}

  async admit(starts: readonly Asked[]): Promise<readonly (StileError | undefined)[]> {
    const { names, memoryLimit = 0.8 } = this.parts;
    await Promise.all([names.fresh(), memoryLimit < 1 ? this.sample() : undefined]);
    if (memoryLimit < 1 && this.used >= memoryLimit) {
      const error = new MemoryShortError(this.used, memoryLimit);
      return starts.map(() => error);
    }
    return names.anyStarts ? this.byRate(starts) : starts.map(() => undefined);
  }

  /** Those of one tenant and definition together: they are counted, or refused, as one. */
  private async byRate(starts: readonly Asked[]): Promise<readonly (StileError | undefined)[]> {
    const groups = new Map<string, { readonly tenant?: string; readonly machine: string; places: number[] }>();
    starts.forEach(({ machine, correlationId = '' }, place) => {
      const tenant = tenantOf(correlationId);
      const key = `${tenant ?? ''} ${machine}`;
      const group = groups.get(key) ?? { ...(tenant === undefined ? {} : { tenant }), machine, places: [] };
      group.places.push(place);
      groups.set(key, group);
    });
    const refused: (StileError | undefined)[] = starts.map(() => undefined);
    for (const { tenant, machine, places } of groups.values()) {
      if (!this.parts.names.limitsStarts(tenant, machine)) continue;
      const names = [...(tenant === undefined ? [] : [`tenant:${tenant}`]), `definition:${machine}`, 'all'];
      const full = await this.parts.store.admit(names.map((name) => ({ name, count: places.length })));
      if (!full) continue;
      const error = new TooManyStartsError(told(full.name), undefined, full.afterMs);
      for (const place of places) refused[place] = error;
    }
    return refused;
  }

  private async sample(): Promise<void> {
    const { clock } = this.parts;
    const first = this.sampledAt === -Infinity;
    if (!this.sampling && clock.monotonic() - this.sampledAt >= SAMPLE_MS) {
      this.sampling = this.read().finally(() => (this.sampling = undefined));
      this.sampling.catch(() => undefined); // an outage is told by the start itself
    }
    if (first) await this.sampling;
  }

  private async read(): Promise<void> {
    this.used = await this.parts.memory.used();
    this.sampledAt = this.parts.clock.monotonic();
  }
}

function told(name: string): string {
  return name === 'all' ? 'the deployment' : name.replace(':', ' "').concat('"');
}
