import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { loadMachines, StileError, type ActionClass } from '@stile/machine';
import { TestKit } from '@stile/machine/testing';

const yaml = readFileSync(join(__dirname, 'count-words.yaml'), 'utf8');

/** Stands in for the API: three routes, and the kit behind them. */
class Api {
  readonly answers: string[] = [];
  private readonly server: Server;
  private wake: () => void = () => undefined;
  private opened = Promise.resolve();

  constructor(private readonly kit: () => TestKit) {
    this.server = createServer((request, response) => {
      void text(request).then(async (body) => {
        await this.opened;
        const status = await this.answer(request.url ?? '', body);
        this.answers.push(`${request.method} ${(request.url ?? '').replace(/callbacks\/[^/]+/, 'callbacks/…')} ${status}`);
        response.writeHead(status).end('{}');
        this.wake();
      });
    });
  }

  async listen(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Lets callers wait. @returns what lets them in again */
  close(): () => void {
    let open!: () => void;
    this.opened = new Promise((resolve) => (open = resolve));
    return open;
  }

  /** Resolves with so many answers given. */
  async answered(count: number): Promise<void> {
    while (this.answers.length < count) await new Promise<void>((resolve) => (this.wake = resolve));
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer(url: string, body: string): Promise<number> {
    const [, token = '', end] = /^\/v1\/callbacks\/([^/]+)(\/\w+)?$/.exec(url) ?? [];
    const { events } = this.kit();
    const data = JSON.parse(body);
    try {
      if (end === '/heartbeat') await events.heartbeat(token, data.details);
      else if (end === '/failure') await events.failTask(token, data);
      else await events.complete(token, data);
      return end === '/heartbeat' ? 200 : 202;
    } catch (error) {
      return error instanceof StileError && error.code === 'CALLBACK_GONE' ? 410 : 500;
    }
  }
}

describe('count-words', () => {
  let kit: TestKit;
  let api: Api;
  beforeEach(async () => {
    const actions = loadMachines(['count-words.cjs'], __dirname).providers as (new () => ActionClass)[];
    kit = await TestKit.create({ machines: [yaml, ...actions.map((Class) => new Class())], patienceMs: 10_000 });
    api = new Api(() => kit);
    await api.listen();
    jest.replaceProperty(process, 'env', { ...process.env, CALLBACK_URL: api.url });
  });
  afterEach(() => {
    api.stop();
    jest.restoreAllMocks();
  });

  it('has its words counted by a shell program', async () => {
    const machine = await kit.start('count-words', { text: 'a stile is a set of steps over a fence' });
    await kit.run();
    expect(machine.status).toBe('waiting');
    await api.answered(2);
    await kit.run();
    expect(api.answers).toEqual(['POST /v1/callbacks/…/heartbeat 200', 'POST /v1/callbacks/… 202']);
    expect([machine.state, machine.context.result, machine.all.heartbeat]).toEqual(['counted', { words: 10 }, null]);
  });

  it('takes the first of two programs where the worker that has begun one dies', async () => {
    const machine = await kit.start('count-words', { text: 'two words' });
    kit.killAt('in action');
    const open = api.close();
    await kit.until(machine, 'waiting'); // both programs call now
    open();
    await api.answered(3);
    await kit.run();
    expect([machine.state, machine.context.result]).toEqual(['counted', { words: 2 }]);
    // The slower one is refused at its first call or at its second.
    await api.answered(api.answers.filter((line) => line.endsWith('heartbeat 200')).length === 2 ? 4 : 3);
    expect(api.answers.filter((line) => line.endsWith('… 202'))).toHaveLength(1);
    expect(api.answers.at(-1)).toMatch(/ 410$/);
  });

  it('gives up after an hour without an answer', async () => {
    process.env.CALLBACK_URL = `${api.url}/wrong`;
    const machine = await kit.start('count-words', { text: 'two words' });
    await kit.run();
    await api.answered(1);
    expect(api.answers).toEqual(['POST /wrong/v1/callbacks/…/heartbeat 410']);
    await kit.skip('1h');
    expect([machine.status, machine.state]).toEqual(['completed', 'broken']);
  });
});
