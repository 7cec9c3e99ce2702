import { RedisInboxStore } from '../../libs/machine/src/redis/redis-inbox-store';
import { RedisOutboxStore } from '../../libs/machine/src/redis/redis-outbox-store';
import { RedisRecordStore } from '../../libs/machine/src/redis/redis-record-store';
import { RedisSteeringStore } from '../../libs/machine/src/redis/redis-steering-store';
import { dropKeys } from './support/dump-keys';
import { StoreBench } from './support/store-bench';

const REFUSED = { code: 'STORE_UNAVAILABLE' };
const elsewhere = { server: 'another' };

let bench: StoreBench;
let outbox: RedisOutboxStore;
beforeEach(() => {
  bench = new StoreBench({ kind: 'fused' });
  outbox = new RedisOutboxStore(bench.redis, bench.keys);
});
afterEach(() => bench.close());

describe('what was read from an outbox before a failover', () => {
  it('is not settled: what its receiver took may be gone', async () => {
    const { correlationId: id } = await bench.start();
    await bench.redis.rpush(bench.keys.outbox(id), 'message 1 other put {}');
    const items = await outbox.read(id, 10);
    expect(items).toMatchObject([{ kind: 'message', number: 1, to: 'other', event: 'put', data: '{}' }]);
    const moved = items.map((item) => ({ ...item, ...elsewhere }));
    await bench.changesNothing(() => expect(outbox.settle(id, moved)).rejects.toMatchObject(REFUSED));
    await outbox.settle(id, items);
    expect(await outbox.read(id, 10)).toEqual([]);
  });

  it('notes no child as started, and counts no result', async () => {
    const { correlationId: id } = await bench.start();
    const parent = { correlationId: id, runId: `run-of-${id}`, group: 'g', index: 0 };
    await bench.redis.hset(bench.keys.children(id), {
      groups: 'g',
      'g:spec': '{}',
      'g:total': 1,
      'g:limit': 1,
      'g:s:0': 'kid {}',
    });
    await bench.changesNothing(async () => {
      await expect(outbox.started(id, 'g', 1, { ...elsewhere, runId: `run-of-${id}` })).rejects.toMatchObject(REFUSED);
      await expect(outbox.result(parent, 'completed', '{}', elsewhere)).rejects.toMatchObject(REFUSED);
    });
    const [batch] = await outbox.nextChildren(id, 10);
    await outbox.started(id, 'g', 1, batch!);
    expect(await outbox.nextChildren(id, 10)).toEqual([]);
  });

  it('gives nobody a message, and cancels no child: the commit that wanted it may be gone', async () => {
    const { correlationId: id } = await bench.start();
    const inbox = new RedisInboxStore(bench.redis, bench.keys);
    const steering = new RedisSteeringStore(bench.redis, bench.keys, 1000);
    const deliver = (server: string) => inbox.deliver(id, 'put', '{}', { kind: 'message', run: 'r', number: 1, server });
    const cancel = (server: string) =>
      steering.steer(id, { kind: 'cancel', mode: { server }, cleanup: '', retentionMs: 1000 }, `nonce of ${server}`, {
        by: 'stile',
      });
    await bench.changesNothing(async () => {
      await expect(deliver('another')).rejects.toMatchObject(REFUSED);
      await expect(cancel('another')).rejects.toMatchObject(REFUSED);
    });
    const here = await bench.identity(id);
    expect(await deliver(here)).toEqual({ outcome: 'kept' });
    expect(await cancel(here)).toMatchObject({ outcome: 'done' });
    expect(await bench.record(id)).toMatchObject({ status: 'cancelled' });
  });

  it('starts no child: its parent may never have heard of it', async () => {
    const start = {
      ...{ request: { machine: 'bench' }, correlationId: 'kid', runId: 'run', version: 1, queue: 'machines', maxRetries: 5 },
      ...{ state: 'pseudo_init', event: 'pseudo_init', contextJson: '{}', digest: 'digest' },
    };
    const records = new RedisRecordStore(bench.redis, bench.keys);
    await bench.changesNothing(() => expect(records.start({ ...start, readOn: 'another' })).rejects.toMatchObject(REFUSED));
    expect(await records.start(start)).toMatchObject({ result: { outcome: 'created' } });
  });
});

describe('what was read from the outbox of a machine that was started anew meanwhile', () => {
  it('settles nothing that reads the same, and notes no child as started', async () => {
    const { correlationId: id } = await bench.start();
    const group = { groups: 'g', 'g:spec': '{}', 'g:total': 1, 'g:limit': 1, 'g:s:0': 'kid {}' };
    const fill = async () => {
      await bench.redis.rpush(bench.keys.outbox(id), 'message 1 other put {}');
      await bench.redis.hset(bench.keys.children(id), group);
    };
    await fill();
    const items = await outbox.read(id, 10);
    const [batch] = await outbox.nextChildren(id, 10);
    await dropKeys(bench.redis, bench.prefix); // settled by another worker, ended, and kept no longer
    await bench.start({ correlationId: id }, 'another-run');
    await fill();
    await bench.changesNothing(async () => {
      await expect(outbox.settle(id, items)).rejects.toMatchObject(REFUSED);
      await expect(outbox.started(id, 'g', 1, batch!)).rejects.toMatchObject(REFUSED);
    });
  });
});
