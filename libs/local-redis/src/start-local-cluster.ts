import { join } from 'node:path';
import { argsOf } from './args-of';
import { ask } from './ask';
import { freePort } from './free-port';
import { LocalRedisError } from './local-redis-error';
import type { LocalRedis } from './run-server';
import { startLocalRedis, type LocalRedisOptions } from './start-local-redis';
import { tlsPort, type LocalTls } from './tls-port';
import { until } from './until';

const SLOTS = 16_384;

export interface LocalClusterOptions extends Pick<
  LocalRedisOptions,
  'appendOnly' | 'appendFsync' | 'maxmemoryPolicy' | 'server'
> {
  /** Folder of all nodes, a folder each; made when missing. */
  readonly dir: string;
  /** Masters, which share the slots evenly. @default 3 */
  readonly masters?: number;
  /** Replicas of each master. @default 0 */
  readonly replicas?: number;
  /** After so long a node that does not answer is taken for dead, ms. @default 2000 */
  readonly nodeTimeoutMs?: number;
  /** Nodes speak TLS among themselves and with clients. @default plain */
  readonly tls?: LocalTls;
  /** More arguments of each node. @default none */
  readonly extraArgs?: readonly string[];
}

export interface LocalCluster {
  /** `redis-cluster://127.0.0.1:<port>,…`, `rediss-cluster:` with TLS: the masters as they were at first. */
  readonly url: string;
  /** Those that were masters at first, in the order of their slots. */
  readonly masters: readonly LocalRedis[];
  readonly replicas: readonly LocalRedis[];
  /** Starts a node that has ended anew, with its data: it joins the others again by itself, as a replica where another has its slots. */
  restart(node: LocalRedis): Promise<LocalRedis>;
  /** Ends all nodes. Harmless when they have ended already. */
  stop(): Promise<void>;
}

/**
 * Starts a Redis Cluster of this process's own on 127.0.0.1 and waits until all of its nodes say that it is well. It ends with this
 * process, however that ends.
 *
 * @throws LocalRedisError as startLocalRedis does
 */
export async function startLocalCluster(options: LocalClusterOptions): Promise<LocalCluster> {
  const { masters = 3, replicas = 0 } = options;
  const count = masters * (1 + replicas);
  const settings = await Promise.all(Array.from({ length: count }, (_, i) => settingsOf(options, i)));
  const nodes: LocalRedis[] = [];
  const again: LocalRedis[] = [];
  const stop = async (): Promise<void> => void (await Promise.all([...nodes, ...again].map((node) => node.stop())));
  const restart = async ({ port }: LocalRedis): Promise<LocalRedis> => {
    const own = settings[nodes.findIndex((each) => each.port === port)]?.node;
    if (!own) throw new LocalRedisError(`no node of this cluster has port ${port}`);
    const node = await startLocalRedis({ ...own, port });
    again.push(node);
    return node;
  };
  try {
    await Promise.all(settings.map(async ({ node }, i) => void (nodes[i] = await startLocalRedis(node))));
    await joinNodes(nodes, masters);
  } catch (error) {
    await stop();
    throw error;
  }
  const first = nodes.slice(0, masters);
  const ports = first.map(({ port }, i) => settings[i]?.tlsPort ?? port);
  const url = `${options.tls ? 'rediss' : 'redis'}-cluster://${ports.map((port) => `127.0.0.1:${port}`).join(',')}`;
  return { url, masters: first, replicas: nodes.slice(masters), restart, stop };
}

async function settingsOf(options: LocalClusterOptions, number: number): Promise<{ node: LocalRedisOptions; tlsPort?: number }> {
  const { nodeTimeoutMs = 2000, extraArgs = [], dir, appendOnly, appendFsync, maxmemoryPolicy, server } = options;
  const tls = options.tls && (await tlsPort(options.tls));
  const settings = {
    'cluster-enabled': 'yes',
    'cluster-config-file': 'nodes.conf',
    'cluster-node-timeout': String(nodeTimeoutMs),
    'cluster-port': String(await freePort()), // by default the port + 10000, which is no port for half of the free ones
    'repl-diskless-sync-delay': '0',
    ...(tls && { ...tls.settings, 'tls-cluster': 'yes' }),
  };
  const common = { appendOnly, appendFsync, maxmemoryPolicy, server };
  const node = { ...common, dir: join(dir, `node-${number}`), extraArgs: [...argsOf(settings), ...extraArgs] };
  return { node, ...(tls && { tlsPort: tls.port }) };
}

/** Gives the slots to the masters, makes all nodes known to each other, and the rest replicas. */
async function joinNodes(nodes: readonly LocalRedis[], masters: number): Promise<void> {
  const [first] = nodes;
  if (!first) return;
  for (const [i, { port }] of nodes.entries()) {
    await ask(port, 'CLUSTER', 'SET-CONFIG-EPOCH', String(i + 1)); // else they collide, and are told apart one by one
    if (i >= masters) continue;
    const from = Math.floor((SLOTS * i) / masters);
    const to = Math.floor((SLOTS * (i + 1)) / masters) - 1;
    await ask(port, 'CLUSTER', 'ADDSLOTSRANGE', String(from), String(to));
  }
  for (const { port } of nodes.slice(1)) {
    const bus = await settingOf(port, 'cluster-port');
    await ask(first.port, 'CLUSTER', 'MEET', '127.0.0.1', String(port), bus);
  }
  await allKnow(nodes);
  for (const [i, { port }] of nodes.slice(masters).entries()) {
    const master = String(await ask(nodes[i % masters]?.port ?? 0, 'CLUSTER', 'MYID'));
    await until(`node ${port} is a replica`, async () => (await ask(port, 'CLUSTER', 'REPLICATE', master)) === 'OK');
  }
  for (const { port } of nodes.slice(masters)) {
    await until(`replica ${port} follows`, async () => (await infoOf(port)).includes('master_link_status:up'));
  }
}

async function allKnow(nodes: readonly LocalRedis[]): Promise<void> {
  for (const { port } of nodes) {
    await until(`node ${port} knows all of the cluster`, async () => {
      const info = String(await ask(port, 'CLUSTER', 'INFO'));
      return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${nodes.length}\r\n`);
    });
  }
}

async function settingOf(port: number, name: string): Promise<string> {
  const reply = await ask(port, 'CONFIG', 'GET', name);
  return Array.isArray(reply) ? String(reply[1]) : '';
}

async function infoOf(port: number): Promise<string> {
  return String(await ask(port, 'INFO', 'replication'));
}
