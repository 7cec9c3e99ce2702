import type { RedisConnection } from './connect';
import type { SteerAct, SteeringStore, SteerResult } from '../core/message-ports';
import type { MachineStatus } from '../core/model';
import { noCipher, noSeal, type PayloadCipher, type Seal } from '../core/payload-cipher';
import type { Act } from '../core/steering';
import { packItem } from './history-text';
import type { Keyspace } from './keyspace';
import { serverFor } from './read-on';
import { readJob } from './replies';
import { callScript, type MachineScript } from './scripts';
import { answered, refuseMoved } from './store-error';

/** An operator's acts, one script each. */
export class RedisSteeringStore implements SteeringStore {
  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: Keyspace,
    private readonly historyLimit: number,
    private readonly cipher: PayloadCipher = noCipher,
  ) {}

  async steer(id: string, act: SteerAct, nonce: string, who: Act): Promise<SteerResult> {
    // Only an edit brings data: the others must work where it was destroyed, too.
    const seal = act.kind === 'edit' ? await this.cipher.of(id) : noSeal;
    const { script, keys, args } = this.callOf(id, act, seal);
    const common = [id, nonce, tailOf(who, act, seal), this.historyLimit];
    const [outcome, ...rest] = await answered(
      callScript(this.redis, script, [...this.keys.ofMachine(id), ...keys], [...common, ...args]),
    );
    refuseMoved(outcome);
    switch (outcome) {
      case 'done':
        return { outcome, job: readJob(id, rest) };
      case 'refused':
        return { outcome, status: rest[0] as MachineStatus };
      case 'revision':
        return { outcome, current: rest[0] ?? '' };
      case 'missing':
        return { outcome };
      case 'garbage':
        return { outcome, reason: rest[0] ?? '' };
      default:
        throw new Error(`${script} answered "${outcome}", which this version does not know`);
    }
  }

  private callOf(id: string, act: SteerAct, seal: Seal): { script: MachineScript; keys: string[]; args: (string | number)[] } {
    switch (act.kind) {
      case 'cancel': {
        const [mode, server] =
          typeof act.mode === 'string' ? [act.mode, ''] : ['child', serverFor(this.redis, this.keys, id, act.mode.server)];
        return { script: act.kind, keys: [], args: [mode, act.cleanup, act.retentionMs, server] };
      }
      case 'edit':
        return { script: act.kind, keys: [], args: [act.revision, seal.seal(act.context, 'context')] };
      case 'move':
        return { script: act.kind, keys: [], args: [act.state] };
      case 'resume': {
        const { hold = '' } = act;
        return { script: act.kind, keys: [this.keys.held(this.keys.partitionOf(id), hold)], args: [hold] };
      }
      default:
        return { script: act.kind, keys: [], args: [] };
    }
  }
}

/** The end of a history item, from `"error"` on: who did it and why, and the context that it has changed. */
function tailOf({ by, why }: Act, act: SteerAct, seal: Seal): string {
  const item = { error: null, durationMs: 0, worker: '', ...(by ? { by } : {}), ...(why ? { why } : {}) };
  return packItem(item, act.kind === 'edit' ? act.trace : {}, seal).slice(1);
}
