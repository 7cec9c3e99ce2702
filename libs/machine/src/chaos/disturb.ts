import { LeaseUnavailableError, type LeaseStore } from '@stile/lease';
import type { InboxStore, OutboxStore, SteeringStore } from '../core/message-ports';
import type { JobQueue, RecordStore, StepStore, WatchStore } from '../core/ports';
import { around } from './around';
import type { FaultInjector, Operation } from './fault-injector';

/** Which operation each method of a port is; methods that are not here are left alone. */
const METHODS = {
  steps: { claim: 'claim', commit: 'commit', fail: 'fail', release: 'release', note: 'note', renew: 'renew' },
  queue: { add: 'enqueue' },
  records: { start: 'start' },
  inbox: { deliver: 'deliver' },
  steering: { steer: 'steer' },
  outbox: { read: 'readOutbox', settle: 'settle', nextChildren: 'nextChildren', started: 'started', result: 'result' },
  watch: { sweep: 'sweep', wake: 'wake' },
  leases: { acquire: 'acquire', advance: 'advance', release: 'releaseLease' },
} as const satisfies Record<string, Readonly<Record<string, Operation>>>;

interface Ports {
  readonly steps: StepStore;
  readonly queue: JobQueue;
  readonly records: RecordStore;
  readonly inbox: InboxStore;
  readonly steering: SteeringStore;
  readonly outbox: OutboxStore;
  readonly watch: WatchStore;
  readonly leases: LeaseStore;
}

/** A port whose operations the injector is told of; the port itself where there is no injector. */
export function disturb<K extends keyof Ports, T extends Ports[K]>(kind: K, port: T, injector: FaultInjector | undefined): T {
  if (!injector) return port;
  const operations: Readonly<Record<string, Operation>> = METHODS[kind];
  const disturbed = around(port, (method, _args, call) => {
    const operation = operations[method];
    return operation === undefined ? call() : between(injector, operation, call);
  });
  return kind === 'leases' ? (asLeases(disturbed as unknown as LeaseStore) as unknown as T) : disturbed;
}

async function between(injector: FaultInjector, operation: Operation, call: () => unknown): Promise<unknown> {
  await injector.reach('before', operation);
  const result = await call();
  await injector.reach('after', operation);
  return result;
}

/** A lease store says that it cannot answer; it does not throw what went wrong. */
function asLeases(store: LeaseStore): LeaseStore {
  return around(store, async (method, [id], call) => {
    try {
      return await call();
    } catch (cause) {
      if (cause instanceof RangeError || cause instanceof TypeError) throw cause;
      const error = cause instanceof LeaseUnavailableError ? cause : new LeaseUnavailableError(String(id), cause);
      if (method === 'release' || method === 'forget') throw error;
      return { outcome: 'unavailable', cause: error };
    }
  });
}
