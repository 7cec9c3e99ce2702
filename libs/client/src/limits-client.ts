import type { Transport } from './transport';
import type { CallOptions, LimitsView, PutLimits } from './types';

/** Whose limits: `of` is a name, or `*` for each without limits of its own; `*` for `all`. */
export interface LimitsTarget {
  readonly kind: LimitsView['kind'];
  readonly of: string;
}

/** Limits of tenants, of definitions, and of all machines together. */
export class LimitsClient {
  constructor(private readonly transport: Transport) {}

  async list({ signal }: CallOptions = {}): Promise<LimitsView[]> {
    const call = { method: 'GET', path: '/v1/limits', repeatable: true, signal } as const;
    return (await this.transport.json<{ items: LimitsView[] }>(call)).items;
  }

  /** Replaces the limits that it had. */
  put(target: LimitsTarget, limits: PutLimits, { signal }: CallOptions = {}): Promise<LimitsView> {
    return this.transport.json({ method: 'PUT', path: pathOf(target), body: limits, repeatable: true, signal });
  }

  /** What waited for them goes on. */
  remove(target: LimitsTarget, { signal }: CallOptions = {}): Promise<void> {
    return this.transport.done({ method: 'DELETE', path: pathOf(target), repeatable: false, signal });
  }
}

function pathOf({ kind, of }: LimitsTarget): string {
  return `/v1/limits/${encodeURIComponent(kind)}/${encodeURIComponent(of)}`;
}
