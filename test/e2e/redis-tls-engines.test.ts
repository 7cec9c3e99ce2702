import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalCluster, startLocalSentinels, type LocalTls } from '@stile/local-redis';
import { waitFor } from '../support/redis';
import { Authority } from './support/certificates';
import { StileCommand } from './support/commands';
import { Programs } from './support/programs';

/** Starting a program: a second where nothing else runs, many on a machine that is busy. */
const PATIENCE_MS = 60_000;
jest.setTimeout(3 * PATIENCE_MS);

interface Engine {
  readonly url: string;
  /** Kills a master: one of its replicas takes over. */
  readonly failover: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const ENGINES: readonly [name: string, start: (dir: string, tls: LocalTls) => Promise<Engine>][] = [
  [
    'a cluster',
    async (dir, tls) => {
      const { url, masters, stop } = await startLocalCluster({ dir, tls, replicas: 1 });
      const failover = async (): Promise<void> => {
        masters[0]?.kill('SIGKILL');
        await masters[0]?.exited; // what it acknowledges until then may be lost with it
      };
      return { url, failover, stop };
    },
  ],
  [
    'sentinels',
    async (dir, tls) => {
      const { url, master, masterPort, stop } = await startLocalSentinels({ dir, tls });
      const failover = async (): Promise<void> => {
        const before = await masterPort();
        master.kill('SIGKILL');
        await waitFor(async () => (await masterPort()) !== before, { what: 'another master', timeoutMs: PATIENCE_MS });
      };
      return { url, failover, stop };
    },
  ],
];

describe.each(ENGINES)('%s behind TLS', (_name, start) => {
  let dir: string;
  let engine: Engine;
  let programs: Programs;
  let door: Record<string, string>;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'stile-tls-'));
    const authority = new Authority(dir, 'ours');
    const { cert, key } = authority.issue('redis', 'DNS:redis.internal');
    engine = await start(dir, { cert, key, ca: authority.ca });
    door = {
      STILE_REDIS_URL: engine.url,
      STILE_REDIS_CA_FILE: authority.ca,
      STILE_REDIS_SERVERNAME: 'redis.internal',
      STILE_MACHINES: 'examples/plain-js',
      STILE_PARTITIONS: '4',
      STILE_PORT: '0',
    };
    programs = new Programs({});
  });
  afterAll(async () => {
    await programs?.end();
    await engine?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it('API, worker and doctor reach every server of it, and the one that takes over', async () => {
    expect(engine.url).toMatch(/^rediss-/);
    const worker = programs.worker(door);
    const server = programs.start(['apps/api/dist/main.js'], door);
    const url = (await server.says(/listens on (http:\S+)/, PATIENCE_MS)).replace('listens on ', '');
    await worker.says('is ready', PATIENCE_MS);
    const runs = async (id: string): Promise<void> => {
      await waitFor(async () => (await startMachine(url, id)) < 300, { what: `${id} is started`, timeoutMs: PATIENCE_MS });
      const machine = async () => (await (await fetch(`${url}/v1/machines/${id}?wait=10s`)).json()) as { status: string };
      await waitFor(async () => (await machine()).status === 'completed', { what: `${id} has run`, timeoutMs: PATIENCE_MS });
    };
    // So many that each of the four partitions has some.
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) await runs(id);
    const doctor = await new StileCommand(['doctor', '--json'], { ...door, STILE_API_URL: url }).ended();
    const { findings } = JSON.parse(doctor.out) as { findings: { check: string; level: string }[] };
    expect(Object.fromEntries(findings.map(({ check, level }) => [check, level]))).toMatchObject({
      access: 'ok',
      encryption: 'ok',
    });
    await engine.failover();
    for (const id of ['i', 'j', 'k', 'l', 'm', 'n', 'o', 'p']) await runs(id);
  });

  it('is refused as a stranger where the CA is not known', async () => {
    // One address is all that many a service has. The first may be that of the node which was killed.
    const second = engine.url.replace(/\/\/[^,]+,([^,/]+)[^/]*/, '//$1');
    const server = programs.start(['apps/api/dist/main.js'], { ...door, STILE_REDIS_URL: second, STILE_REDIS_CA_FILE: '' });
    expect(await server.exited()).toBe(1);
    expect(server.output).toMatch(/STILE_REDIS_CA_FILE/);
    expect(server.output).not.toContain('listens on');
  });
});

async function startMachine(url: string, correlationId: string): Promise<number> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ machine: 'greet', correlationId, context: { name: 'Ada' } });
  return (await fetch(`${url}/v1/machines`, { method: 'POST', headers, body })).status;
}
