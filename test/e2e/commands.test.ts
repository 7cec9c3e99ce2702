import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StileClient, type FailureGroup, type MachineSummary, type Operation } from '@stile/client';
import { testRedisUrl, uniquePrefix, waitFor } from '../support/redis';
import { Terminal } from './support/commands';
import { Programs, ROOT } from './support/programs';

/** On a machine that others use, too. */
const BOOT_MS = 60_000;

jest.setTimeout(BOOT_MS);

const linesOf = <T>(text: string): T[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

/** API and worker run as processes of their own; each command is one, too. */
describe('commands', () => {
  const settings = { STILE_REDIS_URL: testRedisUrl(), STILE_PREFIX: uniquePrefix('commands') };
  const programs = new Programs(settings);
  let stile: Terminal;
  let client: StileClient;
  let dir: string;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'stile-commands-'));
    const worker = programs.worker({ STILE_MACHINES: 'examples' });
    const api = programs.start(['apps/api/dist/main.js'], { STILE_PORT: '0' });
    const url = (await api.says(/listens on http:\S+/, BOOT_MS)).replace('listens on ', '');
    await worker.says('is ready; it runs', BOOT_MS);
    client = new StileClient({ url });
    stile = new Terminal({ ...settings, STILE_API_URL: url, USER: 'ada' }, dir);
  }, 2 * BOOT_MS);
  afterAll(async () => {
    await programs.end();
    rmSync(dir, { recursive: true, force: true });
  });

  const file = (name: string, text: string): string => {
    writeFileSync(join(dir, name), text);
    return name;
  };

  describe('the story of an order', () => {
    it('is started and waited for', async () => {
      const context = file('context.json', '{"amount": 10}');
      const { code, out, err } = await stile.run(
        'start',
        'order',
        '--id',
        'o-1',
        '--context',
        `@${context}`,
        '--tag',
        'shop=berlin',
        '--wait',
      );
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toMatch(/^o-1 {2}completed\n/);
      expect(out).toMatch(/\ntags +shop=berlin\n/);
      expect(out).toContain('"parcel"');
      expect(out).not.toContain('\x1b'); // no colours where there is no terminal
    });

    it('fails, is explained by its history, is mended and tried again', async () => {
      const failed = await stile.run('start', 'order', '--id', 'o-2', '--context', '{"fail": {"ship": "always"}}', '--wait');
      expect(failed).toMatchObject({ code: 1, out: expect.stringMatching(/^o-2 {2}failed\n/) });
      expect((await stile.run('explain', 'o-2')).out).toMatch(/ship is out of order.*\nreason +failed\n/);
      const { items } = await stile.json<{ items: { outcome: string; to: string }[] }>('history', 'o-2');
      expect(items.filter(({ outcome }) => outcome === 'failed')).toHaveLength(4);
      expect((await stile.run('history', 'o-2')).out).toMatch(/^ *# +at +step +retry .*\n.*\n.* failed .*ship is out of order/s);

      const edit = ['edit', 'o-2', '--context', '{"fail": null}', '--why', 'the carrier is back', '--retry'];
      expect(await stile.json(...edit)).toMatchObject({ correlationId: 'o-2' });
      const watched = await stile.run('watch', 'o-2', '--json');
      expect(watched.code).toBe(0);
      const told = linesOf<{ type: string; item?: { outcome: string; by?: string } }>(watched.out);
      expect(told.at(-1)).toEqual({ type: 'end', status: 'completed' });
      const outcomes = told.flatMap(({ item }) => item ?? []).map(({ outcome }) => outcome);
      expect(outcomes).toEqual(expect.arrayContaining(['failed', 'edited', 'retried', 'committed']));
      const acts = told.flatMap(({ item }) => item ?? []).filter(({ by }) => by !== undefined);
      expect(acts).toMatchObject([
        { outcome: 'edited', by: 'ada', why: 'the carrier is back' },
        { outcome: 'retried', by: 'ada' },
      ]);
    });

    it('comes by the hundred, and is accounted for', async () => {
      const many = await stile.json('start', 'order', '--count', '100', '--id', 'many', '--wait');
      expect(many).toEqual({ started: 100, first: 'many-1', last: 'many-100', statuses: { completed: 100 } });
      const tagged = await stile.run('start', 'order', '--count', '3', '--tag', 'a=b', '--wait', '--context', '{"amount": 0}');
      expect(tagged).toMatchObject({ code: 0, err: '' });
      expect(tagged.out).toBe('status     machines\ncompleted         3\n');
    });
  });

  describe('the story of a payment', () => {
    it('waits, is paused, resumed and paid', async () => {
      await client.start({ machine: 'payment', correlationId: 'p-1' });
      await waitFor(async () => (await client.get('p-1')).status === 'waiting', { what: 'it waits' });
      expect(await stile.run('pause', 'p-1', '--why', 'audit')).toMatchObject({ code: 0, out: 'p-1  paused  in open\n' });
      expect((await stile.json('send', 'p-1', 'paid', '--data', '{"receipt": "r"}')).outcome).toBe('kept');
      expect((await stile.run('get', 'p-1')).out).toMatch(/\ninbox +1\n/);
      await stile.json('resume', 'p-1');
      expect(await client.wait('p-1')).toMatchObject({ status: 'completed' });
    });

    it('is watched as it happens', async () => {
      await client.start({ machine: 'payment', correlationId: 'p-2' });
      const watching = stile.begin('watch', 'p-2');
      await watching.says('p-2  waiting  in open');
      await client.send('p-2', 'paid');
      const { code, out } = await watching.ended();
      expect(code).toBe(0);
      expect(out).toMatch(/open --paid--> paid {2}committed .*\n.*ended: completed\n$/s);
    });

    it('is cancelled, and stays so', async () => {
      await stile.run('start', 'payment', '--id', 'p-3', '--delay', '1h');
      expect(await stile.json('cancel', 'p-3', '--mode', 'now', '--by', 'bob')).toMatchObject({ status: 'cancelled' });
      expect(await stile.run('resume', 'p-3')).toMatchObject({ code: 4, out: '', err: expect.stringContaining('stile explain') });
      expect((await stile.run('watch', 'p-3')).code).toBe(1);
    });
  });

  describe('the story of an outage', () => {
    const down = '{"fail": {"ship": "always"}}';

    it('is seen in lists and failures, whose machines are mended and redriven', async () => {
      const started = await stile.run('start', 'order', '--count', '12', '--id', 'down', '--context', down, '--wait');
      expect(started).toMatchObject({ code: 1, out: 'status  machines\nfailed        12\n' });
      const some = await stile.run('list', '--id-prefix', 'down-', '--limit', '5');
      expect(some.out).toMatch(
        /^id +machine +status +state +steps +retries +started +changed +error\ndown-1 +order@1 +failed +charge /,
      );
      expect(some.out.trim().split('\n')).toHaveLength(6);
      const next = /--cursor (\S+)/.exec(some.err)?.[1] as string;
      const rest = await stile.run('list', '--id-prefix', 'down-', '--cursor', next, '--all', '--json');
      expect(linesOf<MachineSummary>(rest.out).map(({ correlationId }) => correlationId)).toHaveLength(7);
      const { items } = await stile.json<{ items: FailureGroup[] }>('failures', '--machine', 'order');
      const group = items.find(({ example }) => example.startsWith('down-'))?.group as string;
      expect((await stile.json<{ items: object[] }>('list', '--failure', group, '--limit', '500')).items).toHaveLength(12);

      // They are not mended yet: the redrive sees it, and stops.
      const again = await stile.run('redrive', group, '--why', 'hope', '--json');
      expect(again.code).toBe(1);
      expect(JSON.parse(again.out)).toMatchObject({
        act: 'redrive',
        status: 'stopped',
        stoppedBecause: 'they fail again',
        by: 'ada',
        why: 'hope',
      });
    });

    it('ends with a retry of all that failed', async () => {
      for (const { correlationId } of (await client.page({ idPrefix: 'down-' })).items)
        await client.edit(correlationId, { fail: null });
      const asked = await stile.run('retry', '--id-prefix', 'down-', '--status', 'failed');
      expect(asked).toMatchObject({ code: 2, out: '', err: expect.stringContaining('--all-matching') });
      const retried = await stile.json<Operation>('retry', '--id-prefix', 'down-', '--status', 'failed', '--all-matching');
      expect(retried).toMatchObject({ act: 'retry', status: 'done', done: 12, by: 'ada' });
      for (const { correlationId } of (await client.page({ idPrefix: 'down-' })).items) {
        expect(await client.wait(correlationId)).toMatchObject({ status: 'completed' });
      }
      expect((await stile.run('operations')).out).toMatch(/^id +act +status .*\n.* retry +done .*\n.* redrive +stopped /);
    });

    it('Ctrl-C leaves an operation running, and says so', async () => {
      await client.startMany(
        'payment',
        Array.from({ length: 300 }, (_, i) => ({ correlationId: `left-${i}` })),
      );
      const pausing = stile.begin('pause', '--id-prefix', 'left-', '--all-matching');
      const running = async () => (await client.operations.list()).find(({ act }) => act === 'pause');
      const { id } = await waitFor(running, { what: 'the operation' });
      pausing.interrupt();
      const { code, err } = await pausing.ended();
      if (code !== 0) {
        // Otherwise it had ended before: then there is nothing to leave.
        const told = `operation ${id} goes on in the background: "stile operations ${id}" shows it`;
        expect({ code, err }).toEqual({ code: 130, err: expect.stringContaining(told) });
      }
      await waitFor(async () => (await client.operations.get(id)).status === 'done', { what: 'its end' });
      expect(await client.operations.get(id)).toMatchObject({ done: 300 });
    });
  });

  it('what there is', async () => {
    expect((await stile.run('definitions')).out).toMatch(
      /^machine +queue +retries +states\n(.*\n)*order@1 +machines +3 +reserve charge ship release done\n/,
    );
    expect((await stile.json<{ items: unknown[] }>('schedules')).items).toEqual([]);
    expect((await stile.run('workers')).out).toMatch(/^worker +host +pid .*\n.* order@1/);
  });

  describe('exit codes and errors', () => {
    it.each<[code: number, args: string[], told: RegExp]>([
      [2, ['strat', 'order'], /^stile: unknown command 'strat' \(Did you mean start\?\); .*\n$/],
      [2, ['start', 'order', '--id', 'a b'], /^stile: correlationId is "a b"; give 1 to 128 .*\n$/],
      [3, ['get', 'nobody'], /^stile: .*"nobody".*"stile list" shows those there are\n$/],
      [4, ['start', 'order', '--id', 'o-1'], /^stile: "o-1" was started with another payload; .*\n$/],
      [
        5,
        ['get', 'o-1', '--api', 'http://127.0.0.1:65535'],
        /^stile: no API answers at http:\/\/127.0.0.1:65535: .*ECONNREFUSED.*start one with "stile up".*\n$/,
      ],
    ])('%i for %j', async (code, args, told) => {
      expect(await stile.run(...args)).toEqual({ code, out: '', err: expect.stringMatching(told) });
    });

    it('with --json they are JSON, whatever is wrong', async () => {
      const refused = await stile.run('get', 'nobody', '--json');
      expect({ ...refused, err: JSON.parse(refused.err) as object }).toEqual({
        ...{ code: 3, out: '' },
        err: { error: { code: 'MACHINE_NOT_FOUND', detail: expect.stringContaining('"nobody"') } },
      });
      expect(JSON.parse((await stile.run('list', '--status', 'x', '--json')).err)).toMatchObject({ error: { code: 'USAGE' } });
    });
  });

  describe('files', () => {
    const broken =
      'machines:\n  - name: broken\n    states:\n      - name: a\n        initial: true\n        transitions:\n' +
      '          - { event: go, target: nowhere }\n          - { event: stay, tarjet: a }\n';

    it('validate tells all that is wrong, with file and line', async () => {
      const { code, out } = await stile.run('validate', file('broken.yaml', broken));
      expect(code).toBe(2);
      expect(out).toMatch(/^broken\.yaml:7: error: .*nowhere/m);
      expect(out).toMatch(/^broken\.yaml:8: error: .*tarjet/m);
    });

    it('validate takes what the examples are, with their actions', async () => {
      const { machines, ...checked } = await stile.json('validate', join(ROOT, 'examples'));
      expect(checked).toMatchObject({ valid: true, actionsChecked: true });
      expect(machines).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'order', version: 1 })]));
      const alone = await stile.run('validate', join(ROOT, 'examples', 'payment', 'payment.yaml'));
      expect(alone).toMatchObject({ code: 0, out: 'valid: payment@1\n', err: expect.stringContaining('not looked up') });
    });

    it('graph draws what workers have published', async () => {
      expect(await stile.run('graph', 'order@1', '--format', 'mermaid')).toMatchObject({
        code: 0,
        out: expect.stringMatching(/^stateDiagram-v2\n/m),
      });
    });

    it('graph draws a file without an API', async () => {
      const yaml = join(ROOT, 'examples', 'payment', 'payment.yaml');
      const away = ['--api', 'http://127.0.0.1:65535'];
      expect((await stile.run('graph', yaml, '--out', 'payment.svg', ...away)).err).toBe('written to payment.svg\n');
      expect(readFileSync(join(dir, 'payment.svg'), 'utf8')).toContain('data-state="expired"');
    });

    it('import makes YAML of XState that validates', async () => {
      const xstate = { id: 'door', initial: 'closed', states: { closed: { on: { OPEN: 'open' } }, open: { type: 'final' } } };
      const { code, out } = await stile.run('import', file('door.json', JSON.stringify(xstate)));
      expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^machines:\n.*name: door/s) });
      expect(await stile.run('validate', file('door.yaml', out))).toMatchObject({ code: 0, out: 'valid: door@1\n' });
    });
  });

  it('doctor looks at Redis, workers and queues', async () => {
    const { code, out } = await stile.run('doctor', '--json');
    const { findings } = JSON.parse(out) as { findings: { check: string; level: string; fix?: string }[] };
    const level = Object.fromEntries(findings.map((finding) => [finding.check, finding.level]));
    const healthy = [
      'API',
      'version',
      'role',
      'eviction',
      'access',
      'API access',
      'rights',
      'encryption',
      'replicas',
      'persistence',
      'clock',
      'layout',
      'workers',
      'queues',
      'stuck machines',
      'quarantine',
    ];
    expect(level).toMatchObject(Object.fromEntries(healthy.map((check) => [check, 'ok'])));
    expect(code).toBe(0);
    for (const { level, fix } of findings) if (level !== 'ok') expect(fix).toEqual(expect.any(String));

    const elsewhere = await new Terminal({
      STILE_REDIS_URL: 'redis://:secret@127.0.0.1:65535',
      STILE_API_URL: 'http://127.0.0.1:65535',
    }).run('doctor');
    expect(elsewhere.code).toBe(1);
    expect(elsewhere.out).toMatch(/^warn {2}API .*\n +→ stile api/);
    expect(elsewhere.out).toMatch(/^bad {3}Redis +.*127\.0\.0\.1:65535 does not answer/m);
    expect(elsewhere.out).not.toContain('secret');
  });

  it('completion prints a script that bash reads', async () => {
    const { code, out } = await stile.run('completion', 'bash');
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('complete -F _stile stile') });
  });

  it('help tells of every command and what a status means', async () => {
    const { code, out } = await stile.run('--help');
    expect(code).toBe(0);
    for (const word of ['up', 'start', 'explain', 'redrive', 'doctor', 'completion', '3 not found']) expect(out).toContain(word);
  });
});
