import { gapFree } from './steps';
import { doctored, LogBuilder } from './testing/log-builder';

function ofThree() {
  const builder = new LogBuilder().run(3);
  const history = builder.entries.filter(({ kind }) => kind === 'history');
  const attempts = builder.entries.filter(({ kind }) => kind === 'attempt');
  const end = builder.entries.at(-1)!;
  return { builder, entries: builder.entries, history, attempts, end };
}

const at = { invariant: 'I1', correlationId: 'c1' };

it('finds nothing in a run whose steps follow each other', () => {
  expect(gapFree(ofThree().builder.log())).toEqual([]);
});

it('finds a commit that is missing in the middle, at the beginning and at the end', () => {
  const { entries, history, end } = ofThree();
  expect(gapFree(doctored(entries, history[1]!))).toEqual([
    { ...at, text: 'run r1: step 1 is missing before step 2', entries: [history[0], history[2]] },
  ]);
  expect(gapFree(doctored(entries, history[0]!))).toEqual([
    { ...at, text: 'run r1: step 0 is missing before step 1', entries: [history[1]] },
  ]);
  expect(gapFree(doctored(entries, history[2]!))).toEqual([
    { ...at, text: 'run r1: the record has 3 steps, its history 2', entries: [history[1], end] },
  ]);
});

it('finds several missing ones as one', () => {
  const { entries, history } = ofThree();
  const log = doctored(
    entries.filter((entry) => entry !== history[0]),
    history[1]!,
  );
  expect(gapFree(log)).toEqual([{ ...at, text: 'run r1: steps 0 to 1 are missing before step 2', entries: [history[2]] }]);
});

it('finds a commit that is there twice', () => {
  const { builder, history } = ofThree();
  const again = builder.history({ index: 1.5, steps: 1, fence: 9, from: 'a', to: 'b' });
  expect(gapFree(builder.log())).toEqual([
    { ...at, text: 'run r1: step 1 is committed twice, under fences 2 and 9', entries: [history[1], again] },
  ]);
});

it('finds commits in another order', () => {
  const { entries, history, end } = ofThree();
  const moved = { ...history[1]!, index: 5 };
  expect(gapFree(doctored(entries, history[1]!, { index: 5 }))).toEqual([
    { ...at, text: 'run r1: step 1 is missing before step 2', entries: [history[0], history[2]] },
    { ...at, text: 'run r1: step 1 is committed after step 2', entries: [history[2], moved] },
    { ...at, text: 'run r1: the record has 3 steps, its history 2', entries: [moved, end] },
  ]);
});

it('finds a step that goes on in another state than the one before led to', () => {
  const { entries, history } = ofThree();
  expect(gapFree(doctored(entries, history[2]!, { from: 'x' }))).toEqual([
    {
      ...at,
      text: 'run r1: step 2 goes on in state "x", but step 1 led to "b"',
      entries: [history[1], { ...history[2], from: 'x' }],
    },
  ]);
});

it('finds a record in another state, or of other steps, than its history', () => {
  const { entries, history, end } = ofThree();
  expect(gapFree(doctored(entries, end, { state: 'x' }))).toEqual([
    {
      ...at,
      text: 'run r1: the record is in state "x", its last step 2 led to "c"',
      entries: [history[2], { ...end, state: 'x' }],
    },
  ]);
  expect(gapFree(doctored(entries, end, { steps: 4 }))).toEqual([
    { ...at, text: 'run r1: the record has 4 steps, its history 3', entries: [history[2], { ...end, steps: 4 }] },
  ]);
});

describe('retries', () => {
  function failing(...retries: number[]) {
    const builder = new LogBuilder();
    const items = retries.map((retry, index) => {
      const outcome = index === retries.length - 1 ? 'committed' : 'failed';
      return builder.history({ index, retries: retry, fence: index + 1, outcome, code: outcome === 'failed' ? 'Error' : null });
    });
    return { builder, items };
  }

  it('finds nothing where each failure is followed by the next retry', () => {
    expect(gapFree(failing(0, 1, 2).builder.log())).toEqual([]);
  });

  it('finds a failure that is counted twice, and one that is not there', () => {
    const twice = failing(0, 0);
    const text = 'run r1: step 0 is committed at retry 0, though its next retry was 1';
    expect(gapFree(twice.builder.log())).toEqual([{ ...at, text, entries: twice.items }]);
    const skipped = failing(1);
    expect(gapFree(skipped.builder.log())).toEqual([
      { ...at, text: 'run r1: step 0 is committed at retry 1, though its next retry was 0', entries: skipped.items },
    ]);
  });

  it('allows an operator to give a step all its retries again, and takes what he did for no step', () => {
    const { builder } = failing(0, 1, 0);
    builder.history({ index: 1.5, outcome: 'retried', retries: 1, from: 'x', to: 'x', fence: 2 });
    expect(gapFree(builder.log())).toEqual([]);
  });
});

it('takes a history that was trimmed for the end of one, and checks that', () => {
  const { entries, history, end } = ofThree();
  const rest = entries.filter((entry) => entry !== history[0]);
  expect(gapFree(doctored(rest, end, { trimmed: 1 }))).toEqual([]);
  expect(gapFree(doctored(rest, end, {}), { historyLimit: 2 })).toEqual([]);
  expect(gapFree(doctored(rest, history[1]!), { historyLimit: 1 })).toEqual([]);
  expect(gapFree(doctored(entries, history[1]!), { historyLimit: 2 })).toHaveLength(1);
});

describe('what ran', () => {
  it('finds a step that ran again after a later one: its commit was lost', () => {
    const { builder, attempts } = ofThree();
    const again = builder.attempt({ steps: 1, fence: 4, state: 'b' });
    const text = 'run r1: step 1 ran under fence 4, after step 2, retry 0 under fence 3: a commit was lost';
    expect(gapFree(builder.log())).toEqual([{ ...at, text, entries: [attempts[2], again] }]);
  });

  it('allows that where the store is known to have lost its tail', () => {
    const { builder } = ofThree();
    builder.attempt({ steps: 1, fence: 4, state: 'b' });
    builder.add({ kind: 'lost', until: 0 });
    expect(gapFree(builder.log())).toEqual([]);
  });

  it('finds a retry that ran again after a later one', () => {
    const builder = new LogBuilder();
    const [second, first] = [builder.attempt({ retries: 1, fence: 1 }), builder.attempt({ retries: 0, fence: 2 })];
    builder.end({ status: 'failed' });
    const text = 'run r1: step 0, retry 0 ran under fence 2, after step 0, retry 1 under fence 1: a failure was lost';
    expect(gapFree(builder.log())).toEqual([{ ...at, text, entries: [second, first] }]);
  });

  it('finds a step that ran behind the end', () => {
    const { builder, end } = ofThree();
    const attempt = builder.attempt({ steps: 3, fence: 4 });
    const text = 'run r1: step 3 ran, but the record is completed with 3 steps';
    expect(gapFree(builder.log())).toEqual([{ ...at, text, entries: [attempt, end] }]);
    expect(gapFree(doctored(builder.entries, end, { status: 'cancelled' }))).toEqual([]);
  });

  it('finds no fault with a claim that died, nor with entries of two processes in another order', () => {
    const { builder, entries } = ofThree();
    builder.attempt({ steps: 1, fence: 1.5, state: 'b', worker: 'worker.2' });
    expect(gapFree(builder.log([...entries].reverse()))).toEqual([]);
  });
});
