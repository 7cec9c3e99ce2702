import { ApiProcess } from './api-process';
import { Balancer } from './balancer';
import type { WorkerProcess } from './fleet';
import type { Rig } from './rig';
import type { WorkerTask } from '../worker/task';

/** What is rolled out, and what it takes the place of. Settings may change with a version, too; where leases are kept may not. */
const BUILDS = {
  old: { versions: [1] },
  new: { versions: [1, 2], leaseTtlMs: 10_000, concurrency: 30, stickySteps: 4 },
} as const satisfies Record<string, Partial<WorkerTask>>;
type Build = keyof typeof BUILDS;

/** How a process that was asked to go has ended. */
export interface Ending {
  readonly what: string;
  /** Exit code or signal. */
  readonly how: number | string;
  /** From the signal to the end, ms. */
  readonly ms: number;
}

/** APIs behind a balancer, and workers, whose processes are replaced one at a time. */
export class Deployment {
  private constructor(
    private readonly rig: Rig,
    private readonly balancer: Balancer,
    private readonly apis: ApiProcess[],
    private readonly workers: { process: WorkerProcess; build: Build }[],
  ) {}

  static async start(rig: Rig, { apis, workers }: { apis: number; workers: number }): Promise<Deployment> {
    const deployment = new Deployment(rig, await Balancer.start(), [], []);
    try {
      for (let i = 0; i < workers; i++) deployment.workers.push(await deployment.worker('old'));
      for (let i = 0; i < apis; i++) deployment.apis.push(await deployment.api());
      deployment.balance();
      return deployment;
    } catch (error) {
      await deployment.end();
      throw error;
    }
  }

  /** Where the APIs are asked. */
  get url(): string {
    return this.balancer.url;
  }

  /**
   * Replaces all workers and so many APIs, one after the other: each is asked to go, has gone, and its successor takes jobs or requests before
   * the next one's turn. Workers change between the builds, the newer ones first, so that version 2 never is without a worker.
   */
  async roll(round: number, apis = this.apis.length): Promise<Ending[]> {
    const ends: Ending[] = [];
    const workers = this.workers.map((_, i) => ({ i, build: ((i + round) % 2 === 0 ? 'new' : 'old') as Build }));
    workers.sort((a, b) => (a.build < b.build ? -1 : a.build > b.build ? 1 : a.i - b.i));
    for (let turn = 0; turn < Math.max(workers.length, apis); turn++) {
      const next = workers[turn];
      if (next) ends.push(await this.replaceWorker(next.i, next.build));
      if (turn < apis) ends.push(await this.replaceApi((round + turn) % this.apis.length));
    }
    return ends;
  }

  /** Whatever state they are in; workers are the rig's. */
  async end(): Promise<void> {
    await Promise.all(this.apis.map((api) => api.end()));
    await this.balancer.stop();
  }

  private async replaceWorker(i: number, build: Build): Promise<Ending> {
    const { process } = this.workers[i]!;
    const began = performance.now();
    process.kill('SIGTERM');
    this.rig.fault('sigterm', process.name);
    const { how } = await process.exited;
    const ms = performance.now() - began;
    this.workers[i] = await this.worker(build);
    return { what: process.name, how, ms };
  }

  private async replaceApi(i: number): Promise<Ending> {
    const api = this.apis[i]!;
    const began = performance.now();
    this.rig.fault('sigterm', `api on port ${api.port}`);
    const how = await api.drain();
    const ms = performance.now() - began;
    this.apis[i] = await this.api();
    this.balance();
    return { what: `the API on port ${api.port}`, how, ms };
  }

  private async worker(build: Build): Promise<{ process: WorkerProcess; build: Build }> {
    const [process] = await this.rig.fleet.spawnReady(1, BUILDS[build]);
    return { process: process!, build };
  }

  private api(): Promise<ApiProcess> {
    const { redis, options, folder } = this.rig;
    return ApiProcess.start(redis.url, options.prefix ?? 'chaos', folder);
  }

  private balance(): void {
    this.balancer.ports = this.apis.map(({ port }) => port);
  }
}
