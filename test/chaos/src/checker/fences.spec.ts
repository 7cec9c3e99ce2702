import { fences } from './fences';
import { doctored, LogBuilder } from './testing/log-builder';

const at = { invariant: 'I2', correlationId: 'c1' };

function ofThree() {
  const builder = new LogBuilder().run(3);
  const history = builder.entries.filter(({ kind }) => kind === 'history');
  const attempts = builder.entries.filter(({ kind }) => kind === 'attempt');
  return { builder, entries: builder.entries, history, attempts, end: builder.entries.at(-1)! };
}

it('finds nothing where fences grow, with gaps and jumps, and actions of one attempt share theirs', () => {
  const { builder, entries, end } = ofThree();
  builder.attempt({ steps: 2, fence: 3, state: 'c', action: 'enter' });
  builder.attempt({ steps: 0, fence: 1, state: 'a', key: 'c1/r1/0/a/do/1' });
  expect(fences(doctored(entries, end, { fence: 1_780_000_000_000_000 }))).toEqual([]);
});

it('finds a commit under a lower fence, and under the same one', () => {
  const { entries, history, attempts } = ofThree();
  const rest = entries.filter((entry) => !attempts.includes(entry));
  expect(fences(doctored(rest, history[2]!, { fence: 1 }))).toEqual([
    {
      ...at,
      text: 'run r1: step 2 is committed under fence 1, after step 1 was committed under fence 2',
      entries: [history[1], { ...history[2], fence: 1 }],
    },
  ]);
  expect(fences(doctored(rest, history[2]!, { fence: 2 }))).toHaveLength(1);
});

it('finds each commit that is lower than the highest before it, not only than the last', () => {
  const { entries, history, attempts, end } = ofThree();
  const rest = entries.filter((entry) => !attempts.includes(entry));
  const found = fences(doctored(rest, history[0]!, { fence: 9 }));
  expect(found.map(({ text }) => text)).toEqual([
    'run r1: step 1 is committed under fence 2, after step 0 was committed under fence 9',
    'run r1: step 2 is committed under fence 3, after step 0 was committed under fence 9',
    'run r1: the record has fence 3, though step 0 was committed under fence 9',
  ]);
  expect(found[2]!.entries).toEqual([{ ...history[0], fence: 9 }, end]);
});

it('finds a fence that two processes had', () => {
  const { builder, attempts } = ofThree();
  const other = builder.attempt({ steps: 1, fence: 2, state: 'b', worker: 'worker.2' });
  const text = 'run r1: fence 2 was issued twice: to worker.1 (step 1, retry 0) and to worker.2 (step 1, retry 0)';
  expect(fences(builder.log())).toEqual([{ ...at, text, entries: [attempts[1], other] }]);
});

it('finds a fence that one process had for two steps, or two retries', () => {
  const { builder, attempts } = ofThree();
  const other = builder.attempt({ steps: 2, fence: 2, state: 'c', action: 'enter' });
  const text = 'run r1: fence 2 was issued twice: to worker.1 (step 1, retry 0) and to worker.1 (step 2, retry 0)';
  expect(fences(builder.log())).toEqual([{ ...at, text, entries: [attempts[1], other] }]);
  expect(fences(doctored(builder.entries, other, { steps: 1, retries: 1 }))).toHaveLength(1);
});

it('finds an action that began twice under one fence', () => {
  const { builder, attempts } = ofThree();
  const again = builder.attempt({ steps: 1, fence: 2, state: 'b' });
  const text = 'run r1: fence 2 was issued twice, or its step ran twice: c1/r1/1/b/do began twice under it in worker.1';
  expect(fences(builder.log())).toEqual([{ ...at, text, entries: [attempts[1], again] }]);
});

it('finds a commit under the fence of another step', () => {
  const { entries, history, attempts } = ofThree();
  const rest = entries.filter((entry) => entry !== attempts[1]);
  expect(fences(doctored(rest, attempts[0]!, { fence: 2 }))).toEqual([
    {
      ...at,
      text: 'run r1: fence 2 ran step 0, retry 0, but the history has step 1, retry 0 committed under it',
      entries: [{ ...attempts[0], fence: 2 }, history[1]],
    },
  ]);
});

it('finds a number that is no token', () => {
  const { entries, history, attempts } = ofThree();
  const rest = entries.filter((entry) => !attempts.includes(entry));
  const text = 'run r1: step 0 is committed under fence 0, which is no token';
  expect(fences(doctored(rest, history[0]!, { fence: 0 }))).toEqual([{ ...at, text, entries: [{ ...history[0], fence: 0 }] }]);
  expect(fences(doctored(entries, attempts[0]!, { fence: 2 ** 53 })).map((found) => found.text)).toEqual([
    'run r1: step 0 ran under fence 9007199254740992, which is no token',
  ]);
});

it('finds a record below its own last commit', () => {
  const { entries, history, end } = ofThree();
  const text = 'run r1: the record has fence 2, though step 2 was committed under fence 3';
  expect(fences(doctored(entries, end, { fence: 2 }))).toEqual([{ ...at, text, entries: [history[2], { ...end, fence: 2 }] }]);
});

it('excuses nothing by a lost tail, and compares no fences of two runs', () => {
  const { builder } = ofThree();
  builder.run(2, { runId: 'r2' });
  expect(fences(builder.log())).toEqual([]);
  builder.add({ kind: 'lost', until: 99 });
  builder.attempt({ steps: 1, fence: 2, state: 'b', worker: 'worker.2' });
  expect(fences(builder.log())).toHaveLength(1);
});
