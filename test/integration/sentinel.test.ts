import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startLocalRedis, type LocalRedis } from '@stile/local-redis';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { onSentinels } from '../support/engines';
import { waitFor } from '../support/redis';
import { rich } from './support/rich-sketch';
import { World, type Pod } from './support/world';

const sentinels = onSentinels({ replicas: 1, downAfterMs: 500 });

/** Waits for two events, and keeps what came. */
const waiter = () =>
  rich('waiter', {
    a: {
      on: {
        first: { target: 'b', run: (context, step) => void (context.first = step.event.data) },
      },
    },
    b: {
      on: {
        second: { target: 'end', run: (context, step) => void (context.second = step.event.data) },
      },
    },
    end: { final: true },
  });

/** A client that starts machines and sends each its first event, again and again until it has an answer, and notes what was acknowledged. */
class Client {
  readonly started = new Set<string>();
  readonly sent = new Set<string>();
  private readonly work: Promise<void>[] = [];
  private stopped = false;

  constructor(
    private readonly pod: Pod,
    private readonly name: string,
  ) {}

  run(): void {
    this.work.push(...Array.from({ length: 5 }, (_, lane) => this.lane(lane)));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.work);
  }

  private async lane(lane: number): Promise<void> {
    for (let i = 0; !this.stopped; i++) {
      const id = `${this.name}-${lane}-${i}`;
      const { machines, events } = this.pod.runtime;
      if (!(await this.done(() => machines.start({ machine: 'waiter', correlationId: id })))) continue;
      this.started.add(id);
      if (await this.done(() => events.send(id, { event: 'first', data: id, dedupeId: `${id}-first` }))) this.sent.add(id);
    }
  }

  private async done(ask: () => Promise<unknown>): Promise<boolean> {
    while (!this.stopped) {
      if (
        await ask().then(
          () => true,
          () => false,
        )
      )
        return true;
      await sleep(20);
    }
    return false;
  }
}

let world: World;
let folder: string;
let returned: LocalRedis | undefined;
beforeEach(async () => {
  world = new World();
  folder = await mkdtemp(join(tmpdir(), 'stile-returned-'));
});
afterEach(async () => {
  await world.close();
  await returned?.stop();
  await rm(folder, { recursive: true, force: true });
});

it('a master that is killed loses nothing that was acknowledged with STILE_ACK_REPLICAS, and something without', async () => {
  await world.worker([waiter()], { redis: { ackReplicas: 1 } });
  const careful = new Client(world.pod({ worker: false, redis: { ackReplicas: 1 } }), 'careful');
  const careless = new Client(world.pod({ worker: false }), 'careless');
  careful.run();
  careless.run();
  await waitFor(() => careful.sent.size > 50 && careless.sent.size > 50, { what: 'both have sent' });
  const { master, replicas } = sentinels.server;
  const [replica] = replicas as [LocalRedis];
  // From here on there is a tail that only the master has.
  replica.kill('SIGSTOP');
  const [before, known] = [careless.started.size, careful.started.size];
  await waitFor(() => careless.started.size > before + 50, { what: 'the careless one was told of starts that no replica has' });
  expect(careful.started.size).toBeLessThan(known + 20); // what was confirmed just before
  master.kill('SIGKILL');
  await master.exited;
  replica.kill('SIGCONT');
  await waitFor(() => sentinels.server.masterPort().then((port) => port === replica.port), { what: 'the replica is promoted' });
  // Nothing is acknowledged until the new master has a replica.
  const after = careful.sent.size;
  returned = await startLocalRedis({
    dir: join(folder, 'returned'),
    extraArgs: ['--replicaof', '127.0.0.1', String(replica.port), '--repl-diskless-sync-delay', '0'],
  });
  await waitFor(() => careful.sent.size > after + 50, { what: 'acknowledged again' });
  await Promise.all([careful.stop(), careless.stop()]);

  const { machines } = world;
  const lost = async (ids: Iterable<string>): Promise<string[]> => {
    const views = await Promise.all([...ids].map(async (id) => [id, await machines.get(id)] as const));
    return views.filter(([, view]) => view === undefined).map(([id]) => id);
  };
  expect(await lost(careful.started)).toEqual([]);
  expect((await lost(careless.started)).length).toBeGreaterThan(0);
  for (const id of careful.sent) {
    const seen = await waitFor(() => machines.get(id).then((view) => view?.state === 'b' && view.status === 'waiting' && view), {
      what: `${id} has its event`,
    });
    expect(seen).toMatchObject({ context: { first: id }, retries: 0 });
    const history = (await machines.history(id)) ?? [];
    expect(history.map(({ steps }) => steps)).toEqual([0, 1]);
  }
});
