import { setTimeout as sleep } from 'node:timers/promises';
import type { BoundDefinition } from '../../../libs/machine/src/core/bound-definition';
import { rich } from './rich-sketch';
import type { Pod, World } from './world';
import { waitFor } from '../../support/redis';

/** Waits for two events, and keeps what came. */
export const waiter = (): BoundDefinition =>
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
export class Client {
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

/** Ids of those that are not there. */
export async function missing(world: World, ids: Iterable<string>): Promise<string[]> {
  const views = await Promise.all([...ids].map(async (id) => [id, await world.machines.get(id)] as const));
  return views.filter(([, view]) => view === undefined).map(([id]) => id);
}

/** Each has taken its event, in a step of its own and with no retry. */
export async function expectTaken(world: World, ids: Iterable<string>): Promise<void> {
  for (const id of ids) {
    const taken = (): Promise<unknown> =>
      world.machines.get(id).then((view) => view?.state === 'b' && view.status === 'waiting' && view);
    expect(await waitFor(taken, { what: `${id} has its event` })).toMatchObject({ context: { first: id }, retries: 0 });
    const history = (await world.machines.history(id)) ?? [];
    expect(history.map(({ steps }) => steps)).toEqual([0, 1]);
  }
}
