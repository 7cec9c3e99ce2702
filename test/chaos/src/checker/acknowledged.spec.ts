import type { EntryOf } from '../log';
import { acknowledged, lossesOf } from './acknowledged';
import { doctored, LogBuilder } from './testing/log-builder';

const at = { invariant: 'I5', correlationId: 'c1' };

function told(taken: string[], inbox?: string[]) {
  const builder = new LogBuilder().run(3, { taken, inbox });
  const sent = ['e0', 'e1', 'e2'].map((id, number) => builder.sent(id, number, {}, 1000 * (number + 1)));
  const end = builder.entries.find((entry): entry is EntryOf<'end'> => entry.kind === 'end')!;
  return { builder, entries: builder.entries, sent, end, started: builder.entries[0]! };
}

it('finds nothing where every acknowledged event is taken once, in order, or waits in the inbox', () => {
  expect(acknowledged(told(['e0', 'e1', 'e2']).builder.log())).toEqual([]);
  expect(acknowledged(told(['e0', 'e1'], ['e2']).builder.log())).toEqual([]);
});

it('finds an acknowledged start that is gone, also where another run has its place', () => {
  const { entries, end, started } = told(['e0', 'e1', 'e2']);
  const text = 'the start of run r1 was acknowledged, and the run is not there at the end';
  const other = { ...end, runId: 'r2' };
  expect(acknowledged(doctored(entries, end, { runId: 'r2' }))).toEqual([{ ...at, text, entries: [started, other] }]);
  const alone = new LogBuilder();
  const start = alone.started();
  expect(acknowledged(alone.log())).toEqual([{ ...at, text, entries: [start] }]);
});

it('finds a run that ran and is gone, though nobody was told of its start', () => {
  const builder = new LogBuilder();
  const attempt = builder.attempt();
  builder.add({ kind: 'maybe', what: 'start', correlationId: 'c1' });
  const text = 'run r1 ran, and is not there at the end';
  expect(acknowledged(builder.log())).toEqual([{ ...at, text, entries: [attempt] }]);
});

it('finds an acknowledged event that is neither taken nor kept', () => {
  const { builder, entries, sent, end } = told(['e0', 'e2']);
  const text = 'event e1 ("paid" of s1) was acknowledged, and is neither taken nor in the inbox';
  expect(acknowledged(builder.log())).toEqual([{ ...at, text, entries: [sent[1], end] }]);
  expect(acknowledged(doctored(entries, sent[1]!, { outcome: 'ignored' }))).toEqual([]);
});

it('holds nobody to an event that may not have come', () => {
  const { builder } = told(['e0', 'e1', 'e2']);
  builder.add({ kind: 'maybe', what: 'event', correlationId: 'c1', dedupeId: 'e3' });
  expect(acknowledged(builder.log())).toEqual([]);
});

it('finds an event that is taken twice, in the context', () => {
  const { builder, end } = told(['e0', 'e1', 'e2', 'e1']);
  builder.sent('e1', 3, { outcome: 'duplicate' });
  const text = "run r1: event e1 is taken 2 times in the machine's context";
  expect(acknowledged(builder.log())).toContainEqual({ ...at, text, entries: [end] });
});

it('finds an event that two committed steps took, and allows two attempts of one', () => {
  const { builder } = told(['e0', 'e1', 'e2']);
  const seen = (steps: number, fence: number): EntryOf<'taken'> =>
    builder.add({ kind: 'taken', correlationId: 'c1', runId: 'r1', steps, retries: 0, fence, dedupeId: 'e1' });
  const [first] = [seen(1, 2), seen(1, 1.5), seen(2, 2.5)];
  expect(acknowledged(builder.log())).toEqual([]);
  const second = seen(2, 3);
  const text = 'run r1: event e1 is taken by 2 committed steps: 1, 2';
  expect(acknowledged(builder.log())).toEqual([{ ...at, text, entries: [first, second] }]);
});

it("finds one sender's events in another order, and allows it to two senders and two names", () => {
  const { builder, entries, sent, end } = told(['e0', 'e2', 'e1']);
  const text = 'run r1: s1 sent e1 before e2, and they are taken the other way round';
  expect(acknowledged(builder.log())).toEqual([{ ...at, text, entries: [sent[1], sent[2], end] }]);
  expect(acknowledged(doctored(entries, sent[2]!, { sender: 's2' }))).toEqual([]);
  expect(acknowledged(doctored(entries, sent[2]!, { event: 'cancelled' }))).toEqual([]);
});

describe('where the store has lost its tail', () => {
  it('counts what was acknowledged in that time, and finds the rest', () => {
    const { builder, sent, end } = told([]);
    builder.add({ kind: 'lost', since: 1500, until: 2500 });
    const options = { ackSlackMs: 0 };
    expect(acknowledged(builder.log(), options).map(({ entries }) => entries)).toEqual([
      [sent[0], end],
      [sent[2], end],
    ]);
    expect(lossesOf(builder.log(), options)).toEqual({ starts: 0, events: 1 });
    expect(lossesOf(builder.log(), { ackSlackMs: 1000 })).toEqual({ starts: 0, events: 2 }); // e2 may have been acknowledged a second before its entry
  });

  it('counts a start that was acknowledged then, and finds one that was acknowledged again later', () => {
    const builder = new LogBuilder();
    builder.started();
    builder.add({ kind: 'lost', until: 10 });
    expect(acknowledged(builder.log())).toEqual([]);
    expect(lossesOf(builder.log())).toEqual({ starts: 1, events: 0 });
    builder.add({ kind: 'started', correlationId: 'c1', runId: 'r1', machine: 'order' }, undefined, 5000);
    expect(acknowledged(builder.log())).toHaveLength(1);
    expect(lossesOf(builder.log())).toEqual({ starts: 0, events: 0 });
  });

  it('excuses no event that is taken twice', () => {
    const { builder } = told(['e0', 'e1', 'e2', 'e2']);
    builder.add({ kind: 'lost', until: 9000 });
    expect(acknowledged(builder.log())).toHaveLength(1);
  });
});
