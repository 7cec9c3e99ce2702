import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { StileApiError, StileClient, type StreamEvent } from '@stile/client';
import { defineMachine } from '@stile/machine';
import { describeApi } from '../../apps/api/src/openapi';
import { uniquePrefix, waitFor } from '../support/redis';
import { ApiStage, bound, greet } from './api-support';

const ROOT = join(__dirname, '..', '..');

/** Waits for `go`, and ends. */
const gate = defineMachine({
  name: 'gate',
  initial: 'closed',
  states: {
    closed: { do: () => undefined, on: { go: 'open', turn: 'closed' } },
    open: { final: true },
  },
});

describe('@stile/client', () => {
  const stage = new ApiStage(uniquePrefix('client'));
  let app: NestExpressApplication;
  let stile: StileClient;

  beforeAll(async () => {
    await stage.worker(greet(), bound(gate));
    ({ app } = await stage.api());
    stile = new StileClient({ url: await app.getUrl() });
  });
  afterAll(() => stage.close());

  it('knows the API as it is: what its types are made from is what the API says of itself', async () => {
    const served: unknown = await (await fetch(`${stile.url}/docs-json`)).json();
    expect(served).toEqual(JSON.parse(JSON.stringify(await describeApi())));
    const { status, stderr } = spawnSync(process.execPath, ['tools/client/generate.mjs', '--check'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('starts once, waits, and reads the history', async () => {
    const request = { machine: 'greet', correlationId: 'g-1', context: { name: 'Ada' } };
    const first = await stile.start(request);
    expect((await stile.start(request)).runId).toBe(first.runId);
    expect(await stile.wait('g-1')).toMatchObject({ status: 'completed', context: { name: 'Ada' } });
    const history = [];
    for await (const { number, to, outcome } of stile.history('g-1')) history.push({ number, to, outcome });
    expect(history.at(-1)).toEqual({ number: history.length, to: 'done', outcome: 'committed' });
  });

  it('starts many, with an outcome for each', async () => {
    const outcomes = await stile.startMany('greet', [
      {},
      { correlationId: 'g-2' },
      { correlationId: 'g-2' },
      { correlationId: 'a b' },
    ]);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['created', 'created', 'existing', 'rejected']);
    expect(outcomes[3]?.problem).toMatchObject({ code: 'VALIDATION_FAILED' });
  });

  it('streams to the end, also when the stream is cut in between', async () => {
    await stile.start({ machine: 'gate', correlationId: 's-1' });
    let cuts = 0;
    const cutting: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (!(input as string).endsWith('/stream') || cuts++ > 0) return response;
      // The connection is gone right behind the first item.
      const reader = (response.body as ReadableStream<Uint8Array>).getReader();
      let told = '';
      return new Response(
        new ReadableStream({
          async pull(controller) {
            const { value } = await reader.read();
            told += new TextDecoder().decode(value);
            controller.enqueue(value);
            if (!told.includes('id: 1\n')) return;
            await reader.cancel();
            controller.error(new Error('cut'));
          },
        }),
      );
    };
    const told: StreamEvent[] = [];
    for await (const event of new StileClient({ url: stile.url, fetch: cutting }).stream('s-1')) {
      told.push(event);
      if (event.type === 'machine' && event.machine.status === 'waiting' && cuts > 1)
        await stile.send('s-1', 'go', { dedupeId: 'go-1' });
    }
    const numbers = told.flatMap((event) => (event.type === 'history' ? [event.item.number] : []));
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
    expect(told.at(-1)).toEqual({ type: 'end', status: 'completed' });
    expect(await stile.send('s-1', 'go', { dedupeId: 'go-1' })).toEqual({ outcome: 'duplicate' });
    await expect(stile.send('s-1', 'go')).rejects.toMatchObject({ code: 'MACHINE_ENDED' });
  });

  it('steers: pause, edit against a revision, move, resume, cancel', async () => {
    await stile.start({ machine: 'gate', correlationId: 't-1', context: { a: 1 } });
    await waitFor(async () => (await stile.get('t-1')).status === 'waiting', { what: 'it waits' });
    const paused = await stile.pause('t-1', { by: 'ada', why: 'audit' });
    expect(paused.status).toBe('paused');
    const edited = await stile.edit('t-1', { a: null, b: 2 }, { revision: paused.revision, by: 'ada' });
    expect(edited.context).toEqual({ b: 2 });
    const stale = stile.edit('t-1', {}, { revision: paused.revision });
    await expect(stale).rejects.toMatchObject({ status: 409, code: 'REVISION_CHANGED' });
    await stile.resume('t-1');
    expect(await stile.cancel('t-1', { mode: 'now' })).toMatchObject({ status: 'cancelled' });
    await expect(stile.retry('t-1')).rejects.toMatchObject({ code: 'STEERING_REFUSED', detail: expect.any(String) });
  });

  it('knows definitions, holds, schedules and inboxes', async () => {
    expect((await stile.definitions.list()).map(({ name }) => name)).toEqual(['gate', 'greet']);
    expect(await stile.definitions.get('greet', { version: 1 })).toMatchObject({ versions: [1], initial: 'hello' });
    await stile.holds.put({ machine: 'gate', state: 'open', why: 'audit' });
    expect(await stile.holds.list()).toMatchObject([{ name: 'gate/open', why: 'audit' }]);
    await stile.holds.remove({ machine: 'gate', state: 'open' });
    expect(await stile.holds.list()).toEqual([]);
    await stile.schedules.put({ name: 'nightly', machine: 'greet', cron: '@daily' });
    const id = await stile.schedules.trigger('nightly');
    expect(await stile.wait(id)).toMatchObject({ status: 'completed', tags: { schedule: 'nightly' } });
    await stile.schedules.remove('nightly');
    expect(await stile.schedules.list()).toEqual([]);
    await stile.start({ machine: 'gate', correlationId: 'i-1', delayMs: 60_000 });
    await stile.send('i-1', 'go', { data: [null] });
    const [item] = await stile.inbox('i-1');
    expect(item).toMatchObject({ event: 'go', data: [null] });
    await stile.dropEvent('i-1', item?.id ?? -1);
    expect(await stile.inbox('i-1')).toEqual([]);
  });

  it('lists, counts, and acts on many', async () => {
    const tag = { key: 'batch', value: 'b' };
    for (const id of ['l-1', 'l-2', 'l-3']) await stile.start({ machine: 'gate', correlationId: id, tags: { batch: 'b' } });
    await waitFor(async () => (await stile.page({ tag, status: 'waiting' })).items.length === 3, { what: 'all wait' });
    const listed = [];
    for await (const { correlationId } of stile.list({ tag })) listed.push(correlationId);
    expect(listed).toEqual(['l-3', 'l-2', 'l-1']);
    const page = await stile.page({ machine: 'gate', idPrefix: 'l-' }, { limit: 2 });
    expect(page.items.map(({ correlationId }) => correlationId)).toEqual(['l-1', 'l-2']);
    const rest = await stile.page({ machine: 'gate', idPrefix: 'l-' }, { cursor: page.next as string });
    expect(rest).toMatchObject({ items: [{ correlationId: 'l-3' }], next: null });
    expect(await stile.counts({ machine: 'gate' })).toEqual(
      expect.arrayContaining([expect.objectContaining({ status: 'waiting', state: 'closed', count: 3 })]),
    );
    const id = await stile.operations.act({ act: 'cancel', mode: 'now', filter: { tag }, by: 'ada', why: 'audit' });
    const ended = await waitFor(async () => (await stile.operations.get(id)).finishedAt !== null && stile.operations.get(id), {
      what: 'its end',
    });
    expect(ended).toMatchObject({ act: 'cancel', status: 'done', done: 3, by: 'ada', filter: { tag } });
    expect((await stile.operations.list()).map((operation) => operation.id)).toContain(id);
    expect(await stile.operations.stop(id)).toMatchObject({ status: 'done' });
    expect(await stile.failures()).toEqual([]);
    await expect(stile.operations.redrive('0123456789abcdef')).rejects.toMatchObject({ code: 'FAILURE_GROUP_NOT_FOUND' });
  });

  it('throws what the API says, with the fields at fault', async () => {
    const error: unknown = await stile.start({ machine: '', correlationId: 'a b' }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StileApiError);
    expect(error).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
    expect((error as StileApiError).errors.map(({ field }) => field).sort()).toEqual(['correlationId', 'machine']);
    await expect(stile.send('nobody', 'go')).rejects.toMatchObject({ status: 404, code: 'MACHINE_NOT_FOUND' });
    await expect(new StileClient({ url: 'http://127.0.0.1:65535', retries: 0 }).get('m')).rejects.toMatchObject({
      code: 'UNREACHABLE',
    });
  });
});
