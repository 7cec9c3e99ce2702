import type { Claim } from '../../libs/machine/src/core/ports';
import { BENCHES, change, HISTORY_LIMIT, item, StoreBench } from './support/store-bench';

describe.each(BENCHES)('the history of %s', (_name, options) => {
  let bench: StoreBench;
  beforeEach(() => {
    bench = new StoreBench(options);
  });
  afterEach(() => bench.close());

  it('keeps no more history than its limit, and still knows its repeats (B1)', async () => {
    let claim = await bench.started();
    for (let steps = 0; steps < HISTORY_LIMIT + 3; steps++) {
      const now = { ...claim };
      const result = await bench.steps.commit(claim, change('continue', { item: item({ steps }) }));
      expect(await bench.changesNothing(() => bench.steps.commit(now, change('continue')))).toMatchObject({ next: 'continue' });
      claim = (result as { claim: Claim }).claim;
    }
    const kept = await bench.records.history(claim.correlationId);
    expect(kept?.map(({ steps }) => steps)).toEqual(Array.from({ length: HISTORY_LIMIT }, (_, i) => i + 3));
  });

  // By `continue`, by `rest`, and by `fail` and `commit`: a step that has failed is no usual case.
  it.each(['continue', 'queued', 'failed'] as const)(
    'keeps a short history in the record, then all of it in a list, and reads the same (%s)',
    async (how) => {
      let claim = await bench.started();
      const id = claim.correlationId;
      const forms = new Set<string>();
      for (let items = 1; items <= HISTORY_LIMIT + 1; items++) {
        if (how === 'continue') claim = await bench.commitOn(claim);
        else if (how === 'queued' || items % 2 === 0) claim = await bench.claim(await bench.commit(claim));
        else {
          await bench.fail(claim);
          await bench.setRecord(id, { due: 0 });
          claim = await bench.claim(await bench.jobOf(id));
        }
        const kept = Math.min(items, HISTORY_LIMIT);
        expect(await bench.records.history(id)).toHaveLength(kept);
        expect(await bench.records.historyAfter(id, items - 1)).toMatchObject({ lost: 0, items: [{ number: items }] });
        expect((await bench.records.historyAfter(id, 0, items))?.items.map(({ number }) => number)).toEqual(
          Array.from({ length: kept }, (_, i) => i + 1 + items - kept),
        );
        const inRecord = await bench.redis.hexists(bench.keys.record(id), 'history');
        const inList = await bench.redis.exists(bench.keys.history(id));
        forms.add(`${inRecord ? 'record' : ''}${inList ? 'list' : ''}`);
      }
      expect([...forms]).toEqual(['record', 'list']);
    },
  );
});
