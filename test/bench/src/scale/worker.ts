import { StileRuntime } from '@stile/machine';
import { quietLog } from '../machines';
import { registry } from './machines';

/** Where a worker of the bench works. */
export interface CrewTask {
  readonly url: string;
  readonly partitions: number;
}

/** Stile's default. */
const CONCURRENCY = 50;

/** Made ready first, and started when told to, so that several begin together. Tells how much CPU it has used when asked. */
async function main({ url, partitions }: CrewTask): Promise<void> {
  const runtime = new StileRuntime({ redis: { url }, partitions, worker: { concurrency: CONCURRENCY } }, quietLog);
  const machines = registry();
  await runtime.redis.ping();
  process.on('message', (message) => {
    if (message === 'go') void runtime.start(machines).then(() => process.send?.('started'), fail);
    if (message === 'cpu?') {
      const { user, system } = process.cpuUsage();
      process.send?.((user + system) / 1000);
    }
  });
  process.on('SIGTERM', () => void runtime.stop().then(() => process.exit(0), fail));
  process.on('disconnect', () => process.exit(1)); // whoever measures is gone
  process.send?.('ready');
}

function fail(error: unknown): never {
  console.error(error);
  process.exit(1);
}

main(JSON.parse(process.argv[2] ?? '') as CrewTask).catch(fail);
