import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeProgram } from '../program';

/** Commands against an API of fixed answers: what they ask, and what people read. */
describe('commands', () => {
  let server: Server;
  let url: string;
  let answers: Record<string, unknown>;
  let asked: { route: string; body: unknown }[];

  beforeAll(async () => {
    server = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      request.on('end', () => {
        const route = `${request.method} ${request.url}`;
        asked.push({ route, body: text === '' ? undefined : (JSON.parse(text) as unknown) });
        response.end(JSON.stringify(answers[route] ?? {}));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    answers = {};
    asked = [];
  });

  async function stile(...args: string[]): Promise<string> {
    let out = '';
    const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      out += String(text);
      return true;
    });
    try {
      await makeProgram().parseAsync([...args, '--api', url], { from: 'user' });
    } finally {
      write.mockRestore();
    }
    return out;
  }

  it('explain says why, and on what grounds', async () => {
    answers['GET /v1/machines/o-1/explain'] = {
      ...{ reason: 'retrying', text: 'retry 3 of 5 in 12 s after "the bank is down"', since: '2026-01-01T00:00:00.000Z' },
      ...{ until: '2026-01-01T00:00:12.000Z', retry: 3, error: { code: 'DOWN', message: 'the bank is down' }, worker: null },
    };
    expect((await stile('explain', 'o-1')).split('\n')).toEqual([
      'retry 3 of 5 in 12 s after "the bank is down"',
      'reason  retrying',
      'since   2026-01-01T00:00:00.000Z',
      'until   2026-01-01T00:00:12.000Z',
      'retry   3',
      'error   {"code":"DOWN","message":"the bank is down"}',
      '',
    ]);
  });

  it('workers shows what they run, and what older ones do not say', async () => {
    const worker = {
      host: 'h',
      pid: 7,
      startedAt: new Date(Date.now() - 125_000).toISOString(),
      queues: ['machines'],
      concurrency: 50,
    };
    const older = { ...worker, name: 'w-2', host: null, pid: null, startedAt: null, concurrency: null, definitions: [] };
    const beat = { active: 3, lagMs: 2, lastSeenMs: 1500, lastJobMs: null };
    answers['GET /v1/workers'] = {
      items: [
        { ...worker, ...beat, name: 'w-1', definitions: [{ name: 'order', version: 2 }] },
        { ...older, ...beat },
      ],
    };
    expect(await stile('workers')).toBe(
      [
        'worker  host  pid  up  queues    active  of  lag  seen    runs',
        'w-1     h       7  2m  machines       3  50  2ms  1s ago  order@2',
        'w-2     -       -  -   machines       3   -  2ms  1s ago  -',
        '',
      ].join('\n'),
    );
  });

  it('replay asks for a recorded step, under a name that is there before it is sent', async () => {
    answers['POST /v1/machines/o-1/replay'] = { correlationId: 'o-1b', status: 'queued', state: 'charge', asked: null };
    expect(await stile('replay', 'o-1', '--from', '2', '--id', 'o-1b', '--by', 'ada', '--why', 'again')).toBe(
      'o-1b  queued  in charge\n',
    );
    expect(asked).toEqual([
      { route: 'POST /v1/machines/o-1/replay', body: { step: 2, correlationId: 'o-1b', by: 'ada', why: 'again' } },
    ]);
  });

  it('acts on many ask for what was selected', async () => {
    answers['POST /v1/operations'] = { operationId: 'op-1' };
    const selected = ['--machine', 'order@2', '--status', 'failed', '--tag', 'shop=berlin', '--from', '2026-01-01T00:00:00Z'];
    const said = await stile('cancel', ...selected, '--mode', 'now', '--by', 'ada', '--all-matching', '--detach');
    const tag = { key: 'shop', value: 'berlin' };
    expect(asked[0]?.body).toEqual({
      ...{ act: 'cancel', mode: 'now', by: 'ada', operationId: said.trim().replace('operation ', '') },
      filter: { machine: 'order', version: 2, status: ['failed'], tag, from: '2026-01-01T00:00:00.000Z' },
    });
  });

  it('limits are listed, set and taken off', async () => {
    const common = { kind: 'tenant', of: 'acme', since: new Date(Date.now() - 125_000).toISOString(), by: 'ada' };
    const limits = { ...common, name: 'tenant:acme', concurrency: 10, weight: 2, inUse: 10, waiting: 4 };
    answers['GET /v1/limits'] = { items: [limits] };
    expect((await stile('limits')).split('\n')).toEqual([
      'of           concurrency  in use  waiting  per s  burst  starts/s  weight  since   by',
      'tenant:acme           10      10        4  -      -      -              2  2m ago  ada',
      '',
    ]);
    answers['PUT /v1/limits/definition/*'] = { ...limits, name: 'definition:*' };
    await stile('limits', 'set', 'definition:*', '--concurrency', '10', '--per-second', '0.5', '--by', 'ada', '--why', 'mail');
    await stile('limits', 'remove', 'all');
    expect(asked.slice(1)).toEqual([
      { route: 'PUT /v1/limits/definition/*', body: { concurrency: 10, perSecond: 0.5, by: 'ada', why: 'mail' } },
      { route: 'DELETE /v1/limits/all/*', body: undefined },
    ]);
    await expect(stile('limits', 'set', 'acme')).rejects.toThrow('give tenant:<name>, definition:<name>');
    await expect(stile('limits', 'set')).rejects.toThrow('limits set needs to know whose');
  });

  it('operations shows one and stops one', async () => {
    const operation = {
      ...{
        id: 'op-1',
        act: 'redrive',
        status: 'stopped',
        stoppedBecause: 'they fail again',
        event: null,
        mode: null,
        by: 'ada',
        why: '',
      },
      ...{ filter: { failure: '00' }, total: 30, matched: 8, done: 6, refused: 2, ignored: 0, gone: 0, failedAgain: 5 },
      ...{ reasons: { STEERING_REFUSED: 2 }, startedAt: 'then', finishedAt: 'now' },
    };
    answers['POST /v1/operations/op-1/stop'] = operation;
    expect((await stile('operations', 'op-1', '--stop')).split('\n')).toEqual([
      'op-1  stopped (they fail again)',
      'act           redrive',
      'by            ada',
      'filter        {"failure":"00"}',
      'matched       8 of about 30',
      'done          6',
      'failed again  5',
      'refused       2 (STEERING_REFUSED 2)',
      'started       then',
      'finished      now',
      '',
    ]);
  });
});
