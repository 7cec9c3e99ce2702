import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configTable, readConfig, secretFiles } from '@stile/config';
import { parseAllDocuments } from 'yaml';
import { problemsOf } from './support/kubernetes-schemas';
import { kustomize, type Loose, type Resource } from './support/kustomize';
import { ROOT } from './support/programs';

const FOLDER = join(ROOT, 'deploy', 'kubernetes');
/** What is left to do when the steps in hand have ended or been handed over, each bounded by two seconds: see `StileRuntime.stop`. */
const PARTING_MS = 5 * 2000;
const MARGIN_MS = 5000;
const UNITS: Record<string, number> = { m: 1e-3, Mi: 2 ** 20, Gi: 2 ** 30 };

const rendered = kustomize(join(FOLDER, 'overlays', 'example'));
const named = ({ kind, metadata }: Resource): string => `${kind} ${metadata.name}`;
const ofKind = (kind: string): Resource[] => rendered.filter((resource) => resource.kind === kind);
const one = (kind: string, name: string): Resource => rendered.find((resource) => named(resource) === `${kind} ${name}`)!;
const deployments = ofKind('Deployment');
const table = deployments.map((deployment) => [deployment.metadata.name, deployment] as const);
const podOf = (deployment: Resource): Loose => deployment.spec.template.spec;
const selects = (selector: Record<string, string>, labels: Record<string, string>): boolean =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);

/** The environment that a container gets, as Kubernetes puts it together. */
function environmentOf(deployment: Resource): Record<string, string> {
  const [{ envFrom = [], env = [] }] = podOf(deployment).containers;
  const shared = envFrom.map(({ configMapRef }: Loose) => one('ConfigMap', configMapRef.name).data as Record<string, string>);
  return Object.assign({}, ...shared, ...env.map(({ name, value }: Loose) => ({ [name]: value })));
}

it('makes what it is meant to make, each name once, all in one namespace', () => {
  const names = rendered.map(named);
  expect([...new Set(names)]).toEqual(names);
  expect(names.sort()).toEqual(
    [
      'ConfigMap stile',
      'ConfigMap stile-worker',
      'ConfigMap stile-worker-orders',
      'Deployment stile-api',
      'Deployment stile-worker',
      'Deployment stile-worker-orders',
      'Namespace stile',
      'NetworkPolicy stile-api',
      'NetworkPolicy stile-default-deny',
      'NetworkPolicy stile-dns',
      'NetworkPolicy stile-redis',
      'PodDisruptionBudget stile-api',
      'PodDisruptionBudget stile-worker',
      'PodDisruptionBudget stile-worker-orders',
      'ScaledObject stile-worker',
      'ScaledObject stile-worker-orders',
      'Secret stile-redis',
      'Service stile-api',
      'ServiceAccount stile',
      'ServiceMonitor stile-api',
    ].sort(),
  );
  const spaces = rendered.filter(({ kind }) => kind !== 'Namespace').map(({ metadata }) => metadata.namespace);
  expect(new Set(spaces)).toEqual(new Set(['stile']));
});

it.each(rendered.map((resource) => [named(resource), resource]))(
  '%s fits its schema, and has no field that it does not know',
  (_name, resource) => {
    expect(problemsOf(resource)).toEqual([]);
  },
);

it('a schema finds what is wrong, and what is unknown', () => {
  const api = structuredClone(one('Deployment', 'stile-api'));
  api.spec.replicas = 'two';
  podOf(api).containers[0].readinessProb = {};
  podOf(api).containers[0].ports[0].containerPort = undefined;
  expect(problemsOf(api)).toEqual([
    expect.stringContaining('/spec/replicas'),
    expect.stringContaining('containerPort'),
    '/spec/template/spec/containers/0/readinessProb is unknown',
  ]);
  const scaled = structuredClone(one('ScaledObject', 'stile-worker'));
  delete scaled.spec.triggers[0].type;
  scaled.spec.maxReplicas = 3;
  expect(problemsOf(scaled)).toEqual([expect.stringContaining('type'), '/spec/maxReplicas is unknown']);
});

// CI has none. Where there is one, the renderer of the tests is held to it.
if (spawnSync('kubectl', ['version', '--client']).status === 0) {
  it('is what kubectl makes of it', () => {
    const { stdout, stderr } = spawnSync('kubectl', ['kustomize', join(FOLDER, 'overlays', 'example')], { encoding: 'utf8' });
    expect(stderr).toBe('');
    const theirs = parseAllDocuments(stdout).map((document) => document.toJS() as Resource);
    const byName = (resources: Resource[]) => Object.fromEntries(resources.map((resource) => [named(resource), resource]));
    expect(byName(rendered)).toEqual(byName(theirs));
  });
}

it('names only variables that there are, with values that will do', () => {
  const known = [...configTable.map(({ name }) => name), ...secretFiles.values()] as string[];
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.yaml'));
  const texts = files.map((path) => readFileSync(join(FOLDER, path), 'utf8').replaceAll(/#.*$/gm, ''));
  const names = [...new Set(texts.flatMap((text) => text.match(/\bSTILE_\w+/g) ?? []))];
  expect(names.length).toBeGreaterThan(5);
  expect(names.filter((name) => !known.includes(name))).toEqual([]);
  for (const deployment of deployments) {
    const { STILE_REDIS_URL_FILE, ...rest } = environmentOf(deployment);
    expect(STILE_REDIS_URL_FILE).toBeDefined();
    expect(() => readConfig({ ...rest, STILE_REDIS_URL: one('Secret', 'stile-redis').stringData['redis-url'] })).not.toThrow();
  }
});

describe.each(table)('%s', (name, deployment) => {
  const pod = podOf(deployment);
  const [container] = pod.containers;
  const environment = environmentOf(deployment);
  const part = deployment.metadata.labels!['app.kubernetes.io/component'];

  it('runs as nobody in particular, writes nothing, may do nothing', () => {
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      serviceAccountName: 'stile',
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(pod.securityContext.runAsUser).toBeGreaterThanOrEqual(10_000);
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(container.args).toEqual([part]);
    expect(container.image).toBe('registry.example.com/stile:0.1.0');
  });

  it('has time to drain before it is killed', () => {
    const preStopMs = (container.lifecycle?.preStop.sleep.seconds ?? 0) * 1000;
    const needs = preStopMs + Number(environment.STILE_SHUTDOWN_MS) + PARTING_MS + MARGIN_MS;
    expect(pod.terminationGracePeriodSeconds * 1000).toBeGreaterThanOrEqual(needs);
    if (part === 'api') expect(preStopMs).toBeGreaterThan(0); // nobody sends it new connections after that
  });

  it('is asked at the port where it answers', () => {
    const port = Number(
      part === 'api'
        ? readConfig({ ...environment, STILE_REDIS_URL: 'redis://r', STILE_REDIS_URL_FILE: '' }).port
        : environment.STILE_HEALTH_PORT,
    );
    const [{ name: portName, containerPort }] = container.ports;
    expect(containerPort).toBe(port);
    const paths = { startupProbe: 'live', readinessProbe: part === 'api' ? 'live' : 'ready', livenessProbe: 'live' };
    for (const [probe, path] of Object.entries(paths)) {
      expect(container[probe].httpGet).toEqual({ path: `/health/${path}`, port: portName });
    }
    expect(environment.STILE_HOST).toBe('0.0.0.0');
  });

  it('keeps its secret in a file that only it can read', () => {
    const [redis] = pod.volumes;
    expect(redis.secret.defaultMode).toBe(0o440);
    expect(pod.securityContext.fsGroup).toBe(pod.securityContext.runAsGroup);
    const [mount] = container.volumeMounts;
    expect([mount.name, mount.readOnly]).toEqual([redis.name, true]);
    const [item] = redis.secret.items;
    expect(environment.STILE_REDIS_URL_FILE).toBe(`${mount.mountPath}/${item.path}`);
    expect(redis.secret.items.map(({ key }: Loose) => key)).toEqual(['redis-url']); // and not the ACL file
    expect(Object.keys(one('Secret', redis.secret.secretName).stringData)).toContain(item.key);
  });

  it('selects its own pods, and no others', () => {
    const { matchLabels } = deployment.spec.selector;
    const hit = deployments.filter(({ spec }) => selects(matchLabels, spec.template.metadata.labels));
    expect(hit.map(({ metadata }) => metadata.name)).toEqual([name]);
    const budget = one('PodDisruptionBudget', name);
    expect(budget.spec.selector.matchLabels).toEqual(matchLabels);
    expect(budget.spec.maxUnavailable).toBe(1);
    expect(deployment.spec.replicas).toBeGreaterThan(1);
    for (const { labelSelector } of pod.topologySpreadConstraints) expect(labelSelector.matchLabels).toEqual(matchLabels);
    expect(deployment.spec.strategy.rollingUpdate).toEqual({ maxUnavailable: 0, maxSurge: 1 });
  });

  it('is held to an amount of memory, and asks for what it is sure to need', () => {
    const { requests, limits } = container.resources;
    const bytes = (text: string): number => Number.parseFloat(text) * (UNITS[text.replace(/[\d.]+/, '')] ?? 1);
    expect(bytes(limits.memory)).toBeGreaterThanOrEqual(bytes(requests.memory));
    expect(bytes(requests.cpu)).toBeGreaterThan(0);
    expect(limits.cpu).toBeUndefined();
  });
});

it('all of its pods are shut in, and let out to Redis and DNS only', () => {
  const policies = ofKind('NetworkPolicy');
  const labels = deployments.map(({ spec }) => spec.template.metadata.labels as Record<string, string>);
  const hit = (name: string) => labels.filter((of) => selects(one('NetworkPolicy', name).spec.podSelector.matchLabels, of));
  expect(hit('stile-default-deny')).toEqual(labels);
  expect(one('NetworkPolicy', 'stile-default-deny').spec).not.toHaveProperty('ingress');
  expect(one('NetworkPolicy', 'stile-default-deny').spec).not.toHaveProperty('egress');
  expect(hit('stile-api')).toHaveLength(1);
  const ways = policies.flatMap(({ spec }) => [...(spec.ingress ?? []), ...(spec.egress ?? [])]);
  for (const { ports, to, from } of ways) {
    expect(ports.length).toBeGreaterThan(0);
    expect((to ?? from).length).toBeGreaterThan(0); // without it: from everywhere
  }
  const ports = policies.flatMap(({ spec }) =>
    (spec.egress ?? []).flatMap((way: Loose) => way.ports.map(({ port }: Loose) => port)),
  );
  expect([...new Set(ports)].sort()).toEqual([53, 6379]);
});

it('each queue is served by a deployment that is scaled by that very queue', () => {
  const scaled = ofKind('ScaledObject');
  const workers = deployments.filter(({ metadata }) => metadata.labels!['app.kubernetes.io/component'] === 'worker');
  expect(scaled.map(({ spec }) => spec.scaleTargetRef.name).sort()).toEqual(workers.map(({ metadata }) => metadata.name).sort());
  for (const { spec } of scaled) {
    const { STILE_QUEUES: queue, STILE_CONCURRENCY } = environmentOf(one('Deployment', spec.scaleTargetRef.name));
    expect(one('Deployment', spec.scaleTargetRef.name).metadata.labels!['stile/queue']).toBe(queue);
    const [depth, age] = spec.triggers;
    for (const { metadata } of [depth, age]) expect(metadata.query.match(/queue="(\w+)"/)[1]).toBe(queue);
    expect(depth.metadata.query).toContain('stile_queue_jobs');
    expect(age.metadata.query).toContain('stile_queue_oldest_job_seconds');
    expect(Number(depth.metadata.threshold)).toBe(0.8 * Number(STILE_CONCURRENCY));
    expect(spec.minReplicaCount).toBeGreaterThan(0);
  }
});

it('the service and its monitor find the API', () => {
  const service = one('Service', 'stile-api');
  const api = one('Deployment', 'stile-api');
  expect(selects(service.spec.selector, api.spec.template.metadata.labels)).toBe(true);
  const monitor = one('ServiceMonitor', 'stile-api');
  expect(selects(monitor.spec.selector.matchLabels, service.metadata.labels!)).toBe(true);
  expect(service.spec.ports[0].name).toBe(monitor.spec.endpoints[0].port);
  expect(podOf(api).containers[0].ports[0].name).toBe(service.spec.ports[0].targetPort);
});
