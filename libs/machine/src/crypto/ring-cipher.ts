import type { PayloadCipher, Seal } from '../core/payload-cipher';
import { tenantOf } from '../core/tenant';
import { KEYS_FRESH_MS, KEYS_HELD_MS, type KeyRings, type Ring } from './key-rings';
import { RingSeal } from './ring-seal';

/** Whose key seals the data of a machine: its tenant's, or one of its own that its tenant's wraps. */
export const KEY_SCOPES = ['tenant', 'machine'] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

/** Machines whose derived keys are kept at hand. */
const MAX_HELD = 5000;

interface Held {
  readonly seal: Seal;
  /** Of the machine alone. */
  readonly own?: Ring;
  /** Monotonic ms. */
  readonly readAt: number;
  /** Monotonic ms. */
  until: number;
}

/** Encrypts with data keys that are wrapped by master keys; see docs/decisions/0031. */
export class RingCipher implements PayloadCipher {
  private readonly held = new Map<string, Held>();
  private prunedAt = 0;

  constructor(
    private readonly rings: KeyRings,
    private readonly per: KeyScope,
    private readonly monotonic: () => number,
  ) {}

  of(id: string): Seal | Promise<Seal> {
    return this.at(id) ?? this.load(id, false);
  }

  /** Per machine: a key of a machine that was removed a while ago may be about to go, and another process have made it anew. */
  begin(id: string): Seal | Promise<Seal> {
    return this.per === 'machine' ? this.load(id, true) : this.of(id);
  }

  shared(id: string, owner: string): Seal | Promise<Seal> {
    const tenant = tenantOf(id) ?? '';
    return this.at(`${tenant} ${owner}`) ?? this.loadShared(tenant, owner);
  }

  private at(name: string): Seal | undefined {
    const held = this.held.get(name);
    return held && this.monotonic() < held.until ? held.seal : undefined;
  }

  private async load(id: string, starting: boolean): Promise<Seal> {
    const tenant = tenantOf(id) ?? '';
    const shared = await this.rings.tenant(tenant);
    const held = this.held.get(id);
    const before = held && this.monotonic() < held.readAt + KEYS_HELD_MS ? held.own : undefined;
    const own = this.per === 'machine' ? await this.rings.machine(id, shared, starting ? 'starting' : before) : undefined;
    return this.keep(id, tenant, own ? [own, shared] : [shared], `machine ${id}`, own);
  }

  private async loadShared(tenant: string, owner: string): Promise<Seal> {
    return this.keep(`${tenant} ${owner}`, tenant, [await this.rings.tenant(tenant)], owner);
  }

  private keep(name: string, tenant: string, rings: readonly Ring[], owner: string, own?: Ring): Seal {
    const seal = new RingSeal(rings, owner, () => {
      this.rings.forget(tenant);
      held.until = 0;
    });
    const readAt = this.monotonic();
    const held: Held = { seal, own, readAt, until: Math.min(...rings.map(({ until }) => until)) };
    this.prune(readAt);
    this.held.set(name, held);
    return seal;
  }

  /** Keys of machines that nobody asks for stay in memory no longer than need be. */
  private prune(now: number): void {
    if (this.held.size >= MAX_HELD) this.held.delete(this.held.keys().next().value as string);
    if (now < this.prunedAt + KEYS_FRESH_MS) return;
    this.prunedAt = now;
    for (const [name, { readAt }] of this.held) if (now >= readAt + KEYS_HELD_MS) this.held.delete(name);
  }
}
