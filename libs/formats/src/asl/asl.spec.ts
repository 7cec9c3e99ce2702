import aslValidator from 'asl-validator';
import fc from 'fast-check';
import type { Definition } from '@stile/machine';
import { DEFINITIONS, full, order, trip } from '../repo.fixtures';
import { definitions } from '../random.fixtures';
import { toAsl, type AslStateMachine } from './asl';
import { execute, type Answer } from './interpret.fixtures';

/** The validator compiles its schemas anew at each call, a third of a second; they are always the same. */
jest.mock('ajv', () => {
  const actual = jest.requireActual<typeof import('ajv')>('ajv');
  let compiled: InstanceType<typeof actual.default> | undefined;
  function Once(options: object) {
    if (compiled) return Object.assign(compiled, { addKeyword: () => compiled }); // it has them
    return (compiled = new actual.default(options));
  }
  return { ...actual, __esModule: true, default: Once };
});

/** What the validator has against it. It writes into what it is given. */
function faults(asl: AslStateMachine): string {
  const { isValid, errorsText } = aslValidator(JSON.parse(JSON.stringify(asl)), { checkPaths: true, checkArn: true });
  return isValid ? '' : errorsText();
}

const taskOf = ({ States }: AslStateMachine, name: string) => {
  const state = States[name];
  if (state?.Type !== 'Task') throw new Error(`${name} is ${state?.Type}`);
  return state;
};

describe('toAsl', () => {
  it.each(DEFINITIONS.map((definition) => [`${definition.name}@${definition.version}`, definition] as const))(
    'writes %s as a state machine that is valid',
    (_name, definition) => expect(faults(toAsl(definition).asl)).toBe(''),
  );

  it('is refused by the validator where it is wrong', () => {
    const { asl } = toAsl(order);
    expect(faults({ ...asl, StartAt: 'nowhere' })).not.toBe('');
    expect(faults(toAsl(order, { resource: () => 'not an arn' }).asl)).not.toBe('');
    expect(faults({ ...asl, States: { ...asl.States, ['x'.repeat(81)]: { Type: 'Succeed' } } })).not.toBe('');
  });

  it('writes whatever passes validation as a state machine that is valid, with names of 80 characters and numbers in range', () => {
    fc.assert(
      fc.property(definitions, (definition) => {
        const { asl } = toAsl(definition);
        expect(faults(asl)).toBe('');
        for (const [name, state] of Object.entries(asl.States)) {
          expect(name.length).toBeLessThanOrEqual(80);
          if (state.Type === 'Wait') expect([state.Seconds >= 0, state.Seconds <= 99_999_999]).toEqual([true, true]);
          if (state.Type !== 'Task') continue;
          for (const { ErrorEquals, IntervalSeconds = 1, MaxDelaySeconds = 31_622_399, BackoffRate = 1 } of state.Retry ?? []) {
            expect(ErrorEquals.length).toBeGreaterThan(0);
            expect(Number.isInteger(IntervalSeconds) && IntervalSeconds >= 1).toBe(true);
            expect(MaxDelaySeconds > IntervalSeconds && MaxDelaySeconds < 31_622_400).toBe(true);
            expect(BackoffRate).toBeGreaterThanOrEqual(1);
          }
        }
        expect(toAsl(structuredClone(definition))).toEqual({ asl, notes: toAsl(definition).notes });
      }),
      { numRuns: 60 },
    );
  });

  it('puts the retry policy, the time-out and what is to be run into the Task', () => {
    const { asl } = toAsl(full, { resource: (state) => `arn:aws:lambda:eu-central-1:111122223333:function:${state}` });
    expect(taskOf(asl, 'work')).toEqual({
      Type: 'Task',
      Resource: 'arn:aws:lambda:eu-central-1:111122223333:function:work',
      Parameters: { machine: 'full', state: 'work', actions: ['work'], 'input.$': '$' },
      TimeoutSeconds: 3,
      Retry: [
        { ErrorEquals: ['UnrecoverableError'], MaxAttempts: 0 },
        {
          ErrorEquals: ['ECONNRESET'],
          MaxAttempts: 2,
          IntervalSeconds: 1,
          BackoffRate: 1.5,
          MaxDelaySeconds: 9,
          JitterStrategy: 'NONE',
        },
      ],
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'work exhausted' }],
      Next: 'work next',
    });
    expect(taskOf(asl, 'begin').Parameters).toMatchObject({ actions: ['audit.enter', 'begin'] });
    expect(taskOf(asl, 'begin on go').Parameters).toMatchObject({ actions: ['audit.leave', 'audit.go'] });
  });

  it('names what it cannot say, in notes and in the comment', () => {
    const { asl, notes } = toAsl(full);
    expect(notes).toEqual([
      'onCancel: an execution is stopped at once, it does not go to clean',
      'deadline: event late after 1h is not sent',
      'inboxLimit: an execution has no inbox',
      'retentionMs: how long executions are kept is up to AWS',
      'states: clean cannot be reached here and are left out',
      'states.begin.events: an execution takes no events, so stop need no policy',
      'states.begin.transitions.skip.local: is a step like any other',
      expect.stringMatching(/^states\.begin\.retry\.baseMs: 100ms is rounded/),
      'states.work: while it waits, events from outside cannot come; let its Task answer with them',
      expect.stringMatching(/^states\.work\.timeoutMs: 2500ms is rounded/),
      expect.stringMatching(/^states\.work\.after\.0: 50ms is rounded/),
      expect.stringMatching(/^states\.work\.after\.1: 1500ms is rounded/),
      expect.stringMatching(/^states\.work\.retry\.baseMs: 100ms is rounded/),
      "states.work.retry.retryable: States.Timeout are names of ASL's own and are left out",
      'states.work.retry.retryable: is matched against the names of errors, not their codes',
    ]);
    expect(asl.Comment).toBe(['full@7, translated from a Stile definition.', ...notes].join('\n'));
    expect(toAsl(trip).notes[0]).toBe('onCancel: an execution is stopped at once, it does not go to cancelCar');
  });

  it('writes a deadline without an event as the time-out of the execution', () => {
    expect(toAsl({ ...order, deadline: { afterMs: 90_001 } }).asl.TimeoutSeconds).toBe(91);
    expect(toAsl({ ...order, deadline: { afterMs: 315_360_000_000 } }).asl.TimeoutSeconds).toBe(99_999_999);
    expect(toAsl(order).asl).not.toHaveProperty('TimeoutSeconds');
  });

  it('keeps names apart that are cut to the same', () => {
    const [a, b] = [`${'x'.repeat(100)}a`, `${'x'.repeat(100)}b`];
    const definition: Definition = {
      ...order,
      initial: a,
      states: {
        [a]: { name: a, final: false, transitions: { go: { event: 'go', target: b, local: false } } },
        [b]: { name: b, final: true, transitions: {} },
      },
    };
    const { asl, notes } = toAsl(definition);
    expect(faults(asl)).toBe('');
    expect(execute(asl, () => ({ event: 'go' })).status).toBe('SUCCEEDED');
    expect(notes.at(-1)).toMatch(/^names: \d+ of them are cut/);
  });
});

describe('what comes of it, run', () => {
  const NEXT: Record<string, string> = { reserve: 'reserved', charge: 'charged', ship: 'shipped', release: 'released' };
  const event: Answer = ({ state, input }) => ({ ...input, event: NEXT[state] });
  const states = (path: readonly string[]) => path.filter((name) => !name.includes(' '));
  const failing = (name: string) => Object.assign(new Error('out of order'), { name });

  it('takes the way that the definition takes', () => {
    const { status, path } = execute(toAsl(order).asl, event);
    expect([status, states(path)]).toEqual(['SUCCEEDED', ['reserve', 'charge', 'ship', 'done']]);
  });

  it('retries as often as the definition does, then takes onExhausted', () => {
    let attempts = 0;
    const { status, path } = execute(toAsl(order).asl, (task, attempt) => {
      if (task.state !== 'charge') return event(task, attempt);
      attempts++;
      throw failing('Error');
    });
    expect([status, states(path), attempts]).toEqual(['SUCCEEDED', ['reserve', 'charge', 'release', 'done'], 4]);
  });

  it('retries no UnrecoverableError, and fails with an error that nothing catches', () => {
    let attempts = 0;
    const execution = execute(toAsl(order).asl, () => {
      attempts++;
      throw failing('UnrecoverableError');
    });
    expect([execution.status, execution.error, attempts]).toEqual(['FAILED', 'UnrecoverableError', 1]);
  });

  it('fails at an event that the state does not have', () => {
    expect(execute(toAsl(order).asl, () => ({ event: 'nonsense' }))).toMatchObject({ status: 'FAILED', error: 'UNKNOWN_EVENT' });
  });

  it('fails where it would wait for an event for ever', () => {
    expect(execute(toAsl(order).asl, () => ({}))).toMatchObject({ status: 'FAILED', error: 'NO_EVENT' });
  });

  it('takes the timers of a state one after the other, and stays in it through internal transitions', () => {
    const ran: string[] = [];
    const { status, path, waited } = execute(toAsl(full).asl, ({ state, actions, input }) => {
      ran.push(actions.join());
      const again = ran.filter((name) => name === 'work').length;
      if (state === 'begin' && input['event'] === undefined) return { event: 'go' };
      if (state === 'work' && actions[0] === 'work') return again === 3 ? { event: 'done' } : {};
      return { ...input };
    });
    expect(status).toBe('SUCCEEDED');
    expect(states(path)).toEqual(['begin', 'work', 'work', 'work', 'end']);
    expect(ran).toEqual([
      'audit.enter,begin',
      'audit.leave,audit.go',
      'work',
      'work.nudge',
      'work',
      'work.nudge',
      'work',
      'tidy',
    ]);
    expect(waited).toBe(4); // twice 1 s to the nudge, and 1 s more to `again`
  });
});
