import { setTimeout as sleep } from 'node:timers/promises';
import { defineMachine, MachineEvents, StoreUnavailableError, type MachineView } from '@stile/machine';
import request from 'supertest';
import { uniquePrefix, waitFor } from '../support/redis';
import { createApp } from '../../apps/api/src/app';
import { ApiStage, bound } from './api-support';

/** Hands a token out, and waits for whoever has it. */
const render = defineMachine({
  name: 'render',
  initial: 'render',
  states: {
    render: {
      do: async (context, step) => {
        context.token = await step.callback({ expires: context.expires as string, failed: 'broken' });
      },
      on: {
        rendered: { target: 'done', action: (context, { event }) => void (context.result = event.data) },
        broken: { target: 'done', action: (context, { event }) => void (context.error = event.data) },
      },
    },
    done: { final: true },
  },
});

describe('callbacks over HTTP', () => {
  const stage = new ApiStage(uniquePrefix('api-callbacks'));
  let http: ReturnType<typeof request>;

  beforeAll(async () => {
    await stage.worker(bound(render));
    ({ http } = await stage.api());
  });
  afterAll(() => stage.close());

  const tokenOf = async (id: string, expires = '1h'): Promise<string> => {
    await http.post('/v1/machines').send({ machine: 'render', correlationId: id, context: { expires } }).expect(201);
    const { context } = await waitFor(
      async () => {
        const { body } = (await http.get(`/v1/machines/${id}`)) as { body: MachineView };
        return body.status === 'waiting' && body;
      },
      { what: `${id} waits` },
    );
    return encodeURIComponent(context.token as string);
  };
  const ended = async (id: string) => (await http.get(`/v1/machines/${id}?wait=10s`).expect(200)).body as MachineView;

  it('complete a task, once', async () => {
    const token = await tokenOf('once');
    const complete = (data: number) => http.post(`/v1/callbacks/${token}`).send({ event: 'rendered', data });
    const answers = await Promise.all([1, 2, 3, 4].map(complete));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 410, 410, 410]);
    const won = answers.findIndex(({ status }) => status === 202);
    expect(answers[won]?.body).toEqual({ correlationId: 'once', outcome: 'taken' });
    expect(await ended('once')).toMatchObject({ status: 'completed', context: { result: won + 1 } });
    const { body } = await complete(5).expect(410);
    expect(body).toMatchObject({ code: 'CALLBACK_GONE', instance: '/v1/callbacks/***' });
  });

  it('fail a task, with the event that its token was made with', async () => {
    const token = await tokenOf('fails');
    const error = { code: 'NO_DISK', message: 'the disk is full' };
    await http.post(`/v1/callbacks/${token}/failure`).send(error).expect(202);
    expect(await ended('fails')).toMatchObject({ status: 'completed', context: { error } });
  });

  it('refuse an event that the machine does not have, and stay usable', async () => {
    const token = await tokenOf('undeclared');
    const { body } = await http.post(`/v1/callbacks/${token}`).send({ event: 'rendred' }).expect(422);
    expect(body).toMatchObject({ code: 'UNDECLARED_EVENT', instance: '/v1/callbacks/***' });
    expect(JSON.stringify(body)).not.toContain(token);
    await http.post(`/v1/callbacks/${token}`).send({ event: 'rendered' }).expect(202);
  });

  it('live as long as they are kept alive, and no longer', async () => {
    const token = await tokenOf('alive', '2s');
    const began = Date.now();
    let expiresAt = '';
    while (Date.now() - began < 3000) {
      const { body } = await http
        .post(`/v1/callbacks/${token}/heartbeat`)
        .send({ details: { at: 1 } })
        .expect(200);
      expect(body.correlationId).toBe('alive');
      expect(body.expiresAt > expiresAt).toBe(true);
      expiresAt = body.expiresAt as string;
      await sleep(300);
    }
    expect(((await http.get('/v1/machines/alive')).body as MachineView).heartbeat).toEqual({ at: 1 });
    // A heartbeat would keep it alive: only the clock can show that it is over.
    await sleep(Math.max(0, Date.parse(expiresAt) - Date.now()) + 200);
    await http.post(`/v1/callbacks/${token}`).send({ event: 'rendered' }).expect(410);
    await http.post(`/v1/callbacks/${token}/heartbeat`).expect(410);
  });

  it('are named in no log and no answer, whatever goes wrong', async () => {
    const said: string[] = [];
    const write = (...words: unknown[]) => void said.push(words.map(String).join(' '));
    const logger = { log: write, error: write, warn: write, debug: write, verbose: write, fatal: write };
    const { redisUrl, prefix } = stage;
    const app = await createApp({ redisUrl, prefix, retentionMs: 60_000, shutdownMs: 1000 }, logger);
    try {
      await app.listen(0, '127.0.0.1');
      const loud = request(app.getHttpServer());
      const token = await tokenOf('secret');
      const secret = token.slice(token.lastIndexOf('~') + 1); // the rest is the machine's id
      expect(secret.length).toBeGreaterThan(20);
      const path = `/v1/callbacks/${token}`;
      const answers = [
        await loud.post(path).send({ event: 'rendred' }).expect(422),
        await loud.post(path).send({}).expect(400),
        await loud.post(`${path}?a=1`).send({ event: 'rendered' }).expect(400),
        await loud.post(path).set('Content-Type', 'text/plain').send('x').expect(415),
        await loud.post(path).set('Content-Type', 'application/json').send('{').expect(400),
        await loud.post(`${path}/nothing`).expect(404),
        await loud.get(path).expect(404),
        await loud.post(`/v1/Callbacks//${token}`).expect(404),
        await loud.post(`/v1/callbacks/${token}%E0%A4%A`).send({ event: 'rendered' }).expect(400),
      ];
      const complete = jest.spyOn(app.get(MachineEvents), 'complete');
      complete.mockRejectedValueOnce(new TypeError('broken')).mockRejectedValueOnce(new StoreUnavailableError('away'));
      answers.push(await loud.post(path).send({ event: 'rendered' }).expect(500));
      answers.push(await loud.post(path).send({ event: 'rendered' }).expect(503));
      answers.push(await loud.post(path).send({ event: 'rendered' }).expect(202));
      answers.push(await loud.post(path).send({ event: 'rendered' }).expect(410));
      expect(answers.filter(({ text }) => text.includes(secret)).map(({ text }) => text)).toEqual([]);
      expect(said.join('\n')).toContain('POST /v1/callbacks/***: TypeError: broken');
      expect(said.filter((line) => line.includes(secret))).toEqual([]);
    } finally {
      await app.close();
    }
  });

  it.each(['nonsense', 'once', 'alive~', '~', 'a~b', '%00~x'])('know no token such as %s', async (token) => {
    const { body } = await http.post(`/v1/callbacks/${token}`).send({ event: 'rendered' }).expect(410);
    expect(body.code).toBe('CALLBACK_GONE');
  });

  it.each([
    ['', { event: 'nope' }],
    ['', { event: 'rendered' }],
    ['/failure', { code: 'NO_DISK', message: '' }],
    ['/heartbeat', {}],
  ])('made up for a machine that waits tell nothing of it, not even that it is there: %s %j', async (path, body) => {
    if ((await http.get('/v1/machines/guessed')).status === 404) await tokenOf('guessed');
    const ask = async (id: string) => {
      const answer = await http.post(`/v1/callbacks/${id}~guessed${path}`).send(body);
      return { status: answer.status, body: answer.body as object };
    };
    const made = await ask('guessed');
    expect(made).toEqual(await ask('nobody'));
    expect(made.status).toBe(410);
  });
});
