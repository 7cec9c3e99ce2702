import { progress } from './progress';
import { LogBuilder } from './testing/log-builder';

const at = { invariant: 'I3', correlationId: 'c1' };

it('finds nothing where every machine ends as it is meant to', () => {
  const builder = new LogBuilder();
  builder.end();
  builder.end({ correlationId: 'c2', machine: 'form', status: 'waiting', state: 'ask', live: true });
  builder.end({ correlationId: 'c3', machine: 'poison', status: 'failed', code: 'CRASHED' });
  builder.end({ correlationId: 'c4', machine: 'poison' });
  const ends = {
    form: [{ status: 'waiting', state: 'ask' }],
    poison: [{ status: 'failed', code: 'CRASHED' }, { status: 'completed' }],
  } as const;
  expect(progress(builder.log(), { ends })).toEqual([]);
});

it('finds a machine that is live and should have ended', () => {
  const builder = new LogBuilder();
  const end = builder.end({ status: 'delayed', live: true, steps: 3, retries: 1, state: 'pay' });
  const text = 'run r1 of order is still live: delayed in state "pay" at step 3, retry 1; expected: completed';
  expect(progress(builder.log())).toEqual([{ ...at, text, entries: [end] }]);
});

it('finds a machine that failed because of a fault', () => {
  const builder = new LogBuilder();
  const end = builder.end({ status: 'failed', code: 'CRASHED', steps: 3, state: 'pay' });
  const text = 'run r1 of order has failed with CRASHED in state "pay" at step 3, retry 0; expected: completed';
  expect(progress(builder.log())).toEqual([{ ...at, text, entries: [end] }]);
});

it('finds another end than the one that is meant, and one in another state', () => {
  const builder = new LogBuilder();
  const [cancelled, waiting] = [
    builder.end({ status: 'cancelled' }),
    builder.end({ correlationId: 'c2', machine: 'form', status: 'waiting', state: 'begin', live: true }),
  ];
  const ends = {
    order: [{ status: 'failed', code: 'X' }, { status: 'completed' }],
    form: [{ status: 'waiting', state: 'ask' }],
  } as const;
  expect(progress(builder.log(), { ends })).toEqual([
    {
      ...at,
      text: 'run r1 of order has been cancelled in state "a" at step 0, retry 0; expected: failed with X or completed',
      entries: [cancelled],
    },
    {
      ...at,
      correlationId: 'c2',
      text: 'run r1 of form is still live: waiting in state "begin" at step 0, retry 0; expected: waiting in state "ask"',
      entries: [waiting],
    },
  ]);
});
