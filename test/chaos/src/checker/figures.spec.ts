import { FigureCount } from './figures';
import { LogBuilder } from './testing/log-builder';

function figuresOf(...builders: LogBuilder[]) {
  const count = new FigureCount();
  for (const builder of builders) count.add(builder.log());
  return count.result();
}

it('has zeros, and no times, for an empty log', () => {
  expect(figuresOf(new LogBuilder())).toEqual({
    ...{ machines: 0, runs: 0, ends: {}, attempts: 0, acted: 0, aborted: 0, committedSteps: 0 },
    attemptsPerStep: { mean: 0, max: 0 },
    duplicates: { actions: 0, repeats: 0, refused: 0 },
    ...{ unordered: 0, resume: null, faults: {}, torn: 0 },
    maybes: { starts: 0, events: 0, happened: 0 },
    losses: { starts: 0, events: 0, steps: 0 },
  });
});

it('counts attempts, repeats and refusals over several logs', () => {
  const one = new LogBuilder().run(3);
  const again = one.attempt({ steps: 1, fence: 1.5, state: 'b', worker: 'worker.2' });
  one.effect(again, { repeat: true });
  one.effect(again, { sink: 'fenced', accepted: false });
  one.effect(again, { sink: 'fenced' });
  const other = new LogBuilder().run(1, { correlationId: 'c2', status: 'failed' });
  const figures = figuresOf(one, other);
  expect(figures).toMatchObject({ machines: 2, runs: 2, ends: { completed: 1, failed: 1 }, attempts: 5, committedSteps: 4 });
  expect(figures).toMatchObject({ attemptsPerStep: { mean: 5 / 4, max: 2 }, unordered: 1 });
  expect(figures.duplicates).toEqual({ actions: 1, repeats: 1, refused: 1 });
});

it('has the nearest rank of resume times, and faults by kind', () => {
  const builder = new LogBuilder();
  for (let i = 100; i >= 1; i--) builder.add({ kind: 'resumed', correlationId: 'c1', afterMs: i });
  for (const what of ['sigkill', 'failover', 'sigkill']) builder.add({ kind: 'fault', what, target: 'worker.1' });
  const { resume, faults } = figuresOf(builder);
  expect(resume).toEqual({ count: 100, p50: 50, p99: 99, max: 100 });
  expect(faults).toEqual({ sigkill: 2, failover: 1 });
});

it('counts lost commits only where the store is known to have lost some', () => {
  const builder = new LogBuilder().run(5);
  builder.attempt({ steps: 2, fence: 9, state: 'c' });
  expect(figuresOf(builder).losses.steps).toBe(0);
  builder.add({ kind: 'lost', until: 0 });
  expect(figuresOf(builder).losses.steps).toBe(2); // steps 2 and 3: of step 4 no attempt says whether it was committed
});

it('says how many of the unanswered happened', () => {
  const builder = new LogBuilder().run(1, { taken: ['e0'] });
  for (const dedupeId of ['e0', 'e1']) builder.add({ kind: 'maybe', what: 'event', correlationId: 'c1', dedupeId });
  builder.add({ kind: 'maybe', what: 'start', correlationId: 'c2' });
  expect(figuresOf(builder).maybes).toEqual({ starts: 1, events: 2, happened: 1 });
});
