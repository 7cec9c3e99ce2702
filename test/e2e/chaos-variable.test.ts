import { StileRuntime, type MachineView } from '@stile/machine';
import { startLocalRedis, type LocalRedis } from '@stile/local-redis';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../libs/local-redis/src/free-port';
import { waitFor } from '../support/redis';
import { MACHINES, Programs } from './support/programs';

const quiet = { debug() {}, log() {}, warn() {}, error() {} };
const MACHINE_COUNT = 20;

let dir: string;
let redis: LocalRedis;
let programs: Programs;
let client: StileRuntime;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'stile-chaos-'));
  redis = await startLocalRedis({ dir });
  client = new StileRuntime({ redis: { url: redis.url } }, quiet);
  programs = new Programs({ STILE_REDIS_URL: redis.url, STILE_MACHINES: MACHINES, STILE_LEASE_TTL_MS: '500' });
});
afterEach(async () => {
  await programs.end();
  await client.stop();
  await redis.stop();
  rmSync(dir, { recursive: true });
});

/** Starts a machine as often as it takes to be told that it is there. @returns how often */
async function startThroughHttp(url: string, correlationId: string): Promise<number> {
  for (let tries = 1; ; tries++) {
    const body = JSON.stringify({ machine: 'talker', correlationId, context: { to: 'ear' } });
    const answer = await fetch(`${url}/v1/machines`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    if (answer.ok) return tries;
    expect(answer.status).toBe(503);
  }
}

it('with every operation failing one time in twenty, before or after it took place, all machines end as they should', async () => {
  const port = String(await freePort());
  const chaos = { STILE_CHAOS: '{"*": 0.05, "seed": 5}' };
  const [worker, api] = [programs.worker(chaos), programs.start(['apps/api/dist/main.js'], { ...chaos, STILE_PORT: port })];
  await worker.says('faults are injected, as STILE_CHAOS says');
  await Promise.all([worker.says('is ready'), api.says('listens on')]);
  const ids = Array.from({ length: MACHINE_COUNT }, (_, i) => `m${i}`);
  let tries = 0;
  for (const id of ids) tries += await startThroughHttp(`http://127.0.0.1:${port}`, id);
  expect(tries).toBeGreaterThan(MACHINE_COUNT);

  const views = async () => Promise.all(ids.map((id) => client.machines.get(id)));
  const ended = async () => ((await views()).every((view) => view?.finishedAt) ? views() : undefined);
  const machines: readonly (MachineView | undefined)[] = await waitFor(ended, { what: 'all machines end', timeoutMs: 40_000 });
  for (const view of machines) {
    expect(view).toMatchObject({ status: 'completed', steps: 2, context: { answer: { outcome: 'completed' } } });
    const history = await client.machines.history(view?.correlationId ?? '');
    expect(history?.filter(({ outcome }) => outcome === 'committed').map(({ steps }) => steps)).toEqual([0, 1]);
  }
  expect(worker.output).toContain('injected');
}, 60_000);

it('a program refuses faults where NODE_ENV is production, and names of operations that there are not', async () => {
  const inProduction = programs.worker({ STILE_CHAOS: '{"commit": 0.1}', NODE_ENV: 'production' });
  expect(await inProduction.exited()).toBe(1);
  expect(inProduction.output).toContain('NODE_ENV is production');
  const misspelt = programs.worker({ STILE_CHAOS: '{"comit": 0.1}' });
  expect(await misspelt.exited()).toBe(1);
  expect(misspelt.output).toContain('there is no operation "comit"');
  expect(misspelt.output).not.toMatch(/\n\s+at /);
});
