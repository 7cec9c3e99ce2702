import type { EntryOf } from '../log';
import { effects } from './effects';
import { doctored, LogBuilder } from './testing/log-builder';
import type { EffectRule } from './violation';

const at = { invariant: 'I4', correlationId: 'c1' };
const rule: EffectRule = { machine: 'order', state: 'b', action: 'do', sink: 'keyed' };
const KEY = 'c1/r1/1/b/do';

/** Three steps; the second one ran twice, and both of its attempts spoke to the sink. */
function charged(sink: 'keyed' | 'fenced' = 'keyed') {
  const builder = new LogBuilder();
  const died = builder.attempt({ steps: 1, fence: 1.5, state: 'b', worker: 'worker.2' });
  const first = builder.effect(died, { sink, order: 1 });
  builder.run(3);
  const attempt = builder.entries.find((entry): entry is EntryOf<'attempt'> => entry.kind === 'attempt' && entry.fence === 2)!;
  const second = builder.effect(attempt, { sink, repeat: sink === 'keyed', order: 2 });
  const item = builder.entries.find((entry) => entry.kind === 'history' && entry.fence === 2)!;
  return { builder, entries: builder.entries, died, first, attempt, second, item };
}

it('finds nothing where a repeat is recognised by its key, or overwritten under a higher fence', () => {
  expect(effects(charged().builder.log(), { effects: [rule] })).toEqual([]);
  expect(effects(charged('fenced').builder.log(), { effects: [{ ...rule, sink: 'fenced' }] })).toEqual([]);
});

describe('a keyed sink', () => {
  it('is found to write one key twice', () => {
    const { entries, first, second } = charged();
    const text = `run r1: the keyed sink wrote ${KEY} 2 times, under fences 1.5, 2`;
    expect(effects(doctored(entries, second, { repeat: false }))).toEqual([
      { ...at, text, entries: [first, { ...second, repeat: false }] },
    ]);
  });

  it('is found to lack the effect of a committed step, but a repeat alone will do', () => {
    const { entries, first, second, item, attempt } = charged();
    expect(effects(doctored(entries, first), { effects: [rule] })).toEqual([]);
    const rest = entries.filter((entry) => entry !== first);
    const text = `run r1: step 1 is committed under fence 2, but the keyed sink has no ${KEY}`;
    expect(effects(doctored(rest, second), { effects: [rule] })).toEqual([{ ...at, text, entries: [item, attempt] }]);
    expect(effects(doctored(rest, second), { effects: [{ ...rule, machine: 'form' }] })).toEqual([]);
    expect(effects(doctored(rest, second))).toEqual([]);
  });

  it('need not have the effect of a step that was committed for its last failure', () => {
    const { entries, item, first, second } = charged();
    const rest = entries.filter((entry) => entry !== first && entry !== second);
    expect(effects(doctored(rest, item, { code: 'Error' }), { effects: [rule] })).toEqual([]);
  });
});

describe('a fenced sink', () => {
  const options = { effects: [{ ...rule, sink: 'fenced' as const }] };

  it('is found to lack the write under the fence of the commit, whatever it has of attempts before', () => {
    const { entries, first, second, item, attempt } = charged('fenced');
    const text = `run r1: step 1 is committed under fence 2, but the fenced sink has no ${KEY}`;
    expect(effects(doctored(entries, second), options)).toEqual([{ ...at, text, entries: [item, attempt, first] }]);
    const refused = { accepted: false, order: null };
    expect(effects(doctored(entries, second, refused), options)).toEqual([
      { ...at, text, entries: [item, attempt, first, { ...second, ...refused }] },
    ]);
  });

  it('is found to write twice under one fence', () => {
    const { builder, attempt, second } = charged('fenced');
    const again = builder.effect(attempt, { sink: 'fenced', order: 3 });
    const text = `run r1: the fenced sink wrote ${KEY} 2 times under fence 2`;
    expect(effects(builder.log())).toEqual([{ ...at, text, entries: [second, again] }]);
  });

  it('is found to accept a stale fence, by its own count', () => {
    const { builder, died, second } = charged('fenced');
    const stale = builder.effect(died, { sink: 'fenced', repeat: true, order: 3 });
    const text = 'run r1: the fenced sink accepted fence 1.5 after fence 2';
    expect(effects(builder.log())).toEqual([{ ...at, text, entries: [second, stale] }]);
    expect(effects(doctored(builder.entries, stale, { accepted: false, repeat: false }))).toEqual([]);
  });
});

describe('a key', () => {
  it('is found to name two places', () => {
    const { builder, entries, died } = charged();
    const other = builder.attempt({ steps: 2, fence: 2.5, state: 'c', key: KEY, worker: 'worker.3' });
    const found = effects(doctored(entries, other, {}));
    expect(found[0]).toEqual({
      ...at,
      text: `run r1: the key ${KEY} is that of two places: step 1, b/do and step 2, c/do`,
      entries: [died, { ...other }],
    });
  });

  it('is found to be another one in another attempt', () => {
    const builder = new LogBuilder();
    const first = builder.attempt({ fence: 1 });
    const second = builder.attempt({ fence: 2, key: 'c1/r1/0/a/again' });
    const text = 'run r1: step 0, a/do has two keys: c1/r1/0/a/do and c1/r1/0/a/again';
    expect(effects(builder.log())).toEqual([{ ...at, text, entries: [first, second] }]);
  });

  it('may have a number where local transitions run the action again, the same in each attempt', () => {
    const builder = new LogBuilder();
    for (const fence of [1, 2]) {
      builder.attempt({ fence });
      builder.attempt({ fence, key: 'c1/r1/0/a/do/1' });
    }
    expect(effects(builder.log())).toEqual([]);
    builder.attempt({ fence: 3, key: 'c1/r1/0/a/do/1' });
    expect(effects(builder.log())).toHaveLength(1);
  });

  it('is found to be that of another run', () => {
    const builder = new LogBuilder();
    const attempt = builder.attempt({ key: 'c1/r9/0/a/do' });
    const text = 'run r1: the key c1/r9/0/a/do does not begin with c1/r1/';
    expect(effects(builder.log())).toEqual([{ ...at, text, entries: [attempt] }]);
  });
});

it('finds an effect that no attempt had', () => {
  const { builder, attempt } = charged();
  const effect = builder.effect(attempt, { fence: 7, repeat: true });
  const text = `run r1: the keyed sink was given ${KEY} under fence 7 by no attempt`;
  expect(effects(builder.log())).toEqual([{ ...at, text, entries: [effect] }]);
});

it('finds a committed step whose action never ran', () => {
  const { entries, attempt, item, second } = charged();
  const rest = entries.filter((entry) => entry !== second);
  const text = 'run r1: step 1 is committed under fence 2, but b/do never ran';
  expect(effects(doctored(rest, attempt), { effects: [rule] })).toEqual([{ ...at, text, entries: [item] }]);
  expect(effects(doctored(rest, attempt, { action: 'enter', key: 'c1/r1/1/b/enter' }), { effects: [rule] })).toHaveLength(1);
});

it('allows effects of a lineage that was lost, and still holds both lineages to one write per key', () => {
  const { builder } = charged();
  builder.add({ kind: 'lost', until: 50 });
  const lost = builder.attempt({ steps: 7, fence: 9, state: 'b', worker: 'worker.4' });
  builder.effect(lost);
  expect(effects(builder.log(), { effects: [rule] })).toEqual([]);
  builder.effect(lost);
  expect(effects(builder.log(), { effects: [rule] })).toHaveLength(1);
});
