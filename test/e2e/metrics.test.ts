import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type request from 'supertest';
import { uniquePrefix, waitFor } from '../support/redis';
import { ApiStage, greet } from './api-support';
import { kustomize } from './support/kustomize';

const DEPLOY = join(__dirname, '..', '..', 'deploy');
const ALERTS = join(DEPLOY, 'prometheus', 'alerts.yml');
const dashboard = readFileSync(join(DEPLOY, 'grafana', 'stile.json'), 'utf8');

/** What scales workers on Kubernetes. */
const queries = kustomize(join(DEPLOY, 'kubernetes', 'overlays', 'example'))
  .filter(({ kind }) => kind === 'ScaledObject')
  .flatMap(({ spec }) => spec.triggers.map(({ metadata }: { metadata: { query: string } }) => metadata.query) as string[]);

interface Panel {
  readonly type: string;
  readonly title: string;
  readonly gridPos: Record<'h' | 'w' | 'x' | 'y', number>;
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly { readonly expr: string; readonly refId: string; readonly datasource: { readonly uid: string } }[];
}
const { panels, templating } = JSON.parse(dashboard) as {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
};
const graphs = panels.filter(({ type }) => type !== 'row');
const exprs = graphs.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

/** @returns what it said, where it does not agree */
function promtool(args: readonly string[], input = ''): string | undefined {
  const { status, stdout, stderr, error } = spawnSync('promtool', args, { input, encoding: 'utf8' });
  if (error) throw error;
  return status === 0 ? undefined : `${stdout}${stderr}`;
}

/** Of promtool on expressions in PromQL. */
function complaintOf(expressions: readonly string[]): string | undefined {
  const rules = expressions.map((expr, i) => `      - { record: 'some:${i}', expr: '${expr.replaceAll("'", "''")}' }`);
  const dir = mkdtempSync(join(tmpdir(), 'stile-rules-'));
  writeFileSync(join(dir, 'rules.yml'), ['groups:', '  - name: some', '    rules:', ...rules, ''].join('\n'));
  const complaint = promtool(['check', 'rules', join(dir, 'rules.yml')]);
  rmSync(dir, { recursive: true });
  return complaint;
}

describe('/metrics and what is made of it', () => {
  const stage = new ApiStage(uniquePrefix('metrics'));
  let http: ReturnType<typeof request>;
  let text: string;

  beforeAll(async () => {
    await stage.worker(greet());
    ({ http } = await stage.api());
    await http.post('/v1/machines').send({ machine: 'greet' }).expect(201);
    const timed = /^stile_commit_duration_seconds_count\{machine="greet"\} 2$/m;
    const counted = /^stile_counts_total\{count="completed",.*\} 1$/m;
    text = await waitFor(
      async () => {
        const response = await http.get('/metrics').expect(200);
        return timed.test(response.text) && counted.test(response.text) && response.text;
      },
      { what: 'the machine is timed and counted' },
    );
  });
  afterAll(() => stage.close());

  it('shows what workers have timed as histograms', () => {
    for (const [name, labels] of [
      ['step_duration', '{machine="greet",state="done"}'],
      ['step_duration', '{machine="greet",state="hello"}'],
      ['queue_wait', '{machine="greet"}'],
      ['schedule_to_start', '{machine="greet"}'],
      ['lease_wait', '{machine="greet"}'],
    ] as const) {
      expect(text).toContain(`\nstile_${name}_seconds_count${labels} 1\n`);
      expect(text).toContain(`\nstile_${name}_seconds_bucket${labels.slice(0, -1)},le="+Inf"} 1\n`);
    }
    expect(text).toContain('\nstile_machines{machine="greet",status="completed",state="done"} 1\n');
    expect(text).toMatch(/^stile_redis_round_trip_seconds_count [1-9]/m);
    expect(text).toMatch(/^stile_queue_oldest_job_seconds\{queue="machines",partition="0"\} 0$/m);
  });

  it('is text that Prometheus reads without a complaint', () => {
    const complaint = promtool(['check', 'metrics'], text) ?? '';
    // Of Node's own metrics, which prom-client names.
    expect(complaint.split('\n').filter((line) => line !== '' && !/^(nodejs|process)_/.test(line))).toEqual([]);
  });

  it('has every metric that the dashboard and the alerts name', () => {
    const known = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
      type === 'histogram' ? ['_bucket', '_sum', '_count'].map((part) => name + part) : [name],
    );
    const named = [
      ...`${exprs.join('\n')}\n${readFileSync(ALERTS, 'utf8').replaceAll(/^ *#.*$/gm, '')}`.matchAll(/\bstile_\w+/g),
    ];
    const names = [...new Set(named.map(([name]) => name))];
    expect(names.length).toBeGreaterThan(8);
    // In texts for people a histogram is named as a whole.
    expect(names.filter((name) => !known.includes(name) && !known.includes(`${name}_bucket`))).toEqual([]);
  });

  it('has every series that Kubernetes scales workers by', () => {
    const shown = text.split('\n').filter((line) => line.startsWith('stile_'));
    expect(queries).toHaveLength(4);
    for (const query of queries.map((one) => one.replace('queue="orders"', 'queue="machines"'))) {
      const [, name = '', labels = ''] = /(stile_\w+)\{(.*)\}/.exec(query)!;
      const of = shown.filter((line) => line.startsWith(`${name}{`));
      for (const [, label, equals, value = ''] of labels.matchAll(/(\w+)(=~?)"([^"]*)"/g)) {
        const found = of.map((line) => new RegExp(`\\b${label}="([^"]*)"`).exec(line)?.[1]);
        for (const wanted of equals === '=~' ? value.split('|') : [value]) expect(found).toContain(wanted);
      }
    }
    expect(complaintOf(queries)).toBeUndefined();
  });

  it('keeps its alert rules, which are tested', () => {
    expect(promtool(['check', 'rules', ALERTS])).toBeUndefined();
    expect(promtool(['test', 'rules', join(DEPLOY, 'prometheus', 'alerts.test.yml')])).toBeUndefined();
  });

  it('tests every alert there is, when it fires and when it does not', () => {
    const tests = readFileSync(join(DEPLOY, 'prometheus', 'alerts.test.yml'), 'utf8');
    const alerts = [...readFileSync(ALERTS, 'utf8').matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name);
    expect(alerts.length).toBeGreaterThan(10);
    const fires = alerts.filter((name) => new RegExp(`alertname="${name}".*value: 1|alertname="${name}"\\}\\)\\n`).test(tests));
    const rests = alerts.filter((name) => tests.includes(`{ eval_time: 40m, alertname: ${name} }`));
    expect([fires, rests]).toEqual([alerts, alerts]);
  });

  it('has a dashboard of panels that lie beside each other and ask in PromQL, of a data source to choose', () => {
    expect(templating.list.find(({ name }) => name === 'datasource')?.type).toBe('datasource');
    for (const { title, datasource, targets = [], gridPos } of graphs) {
      expect([title, datasource?.uid, ...targets.map((target) => target.datasource.uid)]).toEqual(
        expect.arrayContaining([title, '${datasource}']),
      );
      expect(targets.length).toBeGreaterThan(0);
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    }
    for (const [i, { gridPos: a }] of panels.entries()) {
      for (const { gridPos: b } of panels.slice(i + 1)) {
        const apart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
        expect({ a, b, apart }).toMatchObject({ apart: true });
      }
    }
    const filled = exprs.map((expr) => expr.replaceAll('$__rate_interval', '5m').replaceAll('$machine', '.*'));
    expect(complaintOf(filled)).toBeUndefined();
  });
});

describe('/v1/definitions/:name/figures', () => {
  const stage = new ApiStage(uniquePrefix('figures'));
  let http: ReturnType<typeof request>;

  beforeAll(async () => {
    await stage.worker(greet(1), greet(2));
    ({ http } = await stage.api());
  });
  afterAll(() => stage.close());

  it('tells how the states of a version do, the highest one unless another is asked for', async () => {
    await http.post('/v1/machines').send({ machine: 'greet', version: 2 }).expect(201);
    const { body } = await waitFor(
      async () => {
        const response = await http.get('/v1/definitions/greet/figures').expect(200);
        return (response.body as { states: unknown[] }).states.length === 2 && response;
      },
      { what: 'figures' },
    );
    const { windowMs } = body;
    expect(windowMs).toBeGreaterThanOrEqual(240_000);
    const time = expect.any(Number) as number;
    const perMinute = expect.closeTo(60_000 / windowMs, 2) as number;
    expect(body.states).toEqual([
      { state: 'done', perMinute, p50Ms: time, p95Ms: time, dwellP50Ms: null, dwellP95Ms: null },
      { state: 'hello', perMinute, p50Ms: time, p95Ms: time, dwellP50Ms: time, dwellP95Ms: time },
    ]);
    expect((await http.get('/v1/definitions/greet/figures?version=1').expect(200)).body.states).toEqual([]);
  });

  it('knows no figures of what there is not', async () => {
    const nobody = await http.get('/v1/definitions/nobody/figures').expect(404);
    expect(nobody.body.code).toBe('DEFINITION_NOT_FOUND');
    expect((await http.get('/v1/definitions/greet/figures?version=3').expect(404)).body.detail).toContain('it has: 1, 2');
    const bad = await http.get('/v1/definitions/greet/figures?version=x&window=1').expect(400);
    expect(bad.body.errors.map(({ field }: { field: string }) => field).sort()).toEqual(['version', 'window']);
  });
});
