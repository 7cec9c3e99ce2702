import type { AslStateMachine } from './asl';

/** What a Task is called with. */
export interface TaskInput {
  readonly machine: string;
  readonly state: string;
  readonly actions: readonly string[];
  readonly input: Readonly<Record<string, unknown>>;
}

/** Answers a Task, or throws; `attempt` counts from 0. */
export type Answer = (task: TaskInput, attempt: number) => Readonly<Record<string, unknown>>;

export interface Execution {
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly error?: string;
  /** Names of the states that were entered. */
  readonly path: readonly string[];
  /** Seconds that Wait states took. */
  readonly waited: number;
}

/** Runs a state machine as far as it is used here: Task with Retry and Catch, Choice, Wait, Pass, Succeed and Fail. */
export function execute({ StartAt, States }: AslStateMachine, answer: Answer): Execution {
  const path: string[] = [];
  let waited = 0;
  let data: Record<string, unknown> = {};
  for (let name = StartAt; path.length < 1000;) {
    path.push(name);
    const state = States[name];
    switch (state?.Type) {
      case 'Succeed':
        return { status: 'SUCCEEDED', path, waited };
      case 'Fail':
        return { status: 'FAILED', error: state.Error, path, waited };
      case 'Wait':
        waited += state.Seconds;
        name = state.Next;
        break;
      case 'Pass':
        data = { ...data, [state.ResultPath.slice(2)]: state.Result };
        name = state.Next;
        break;
      case 'Choice': {
        const rule = state.Choices.find(({ Variable, IsPresent, StringEquals }) => {
          const value = data[Variable.slice(2)];
          return IsPresent === undefined ? value === StringEquals : (value !== undefined) === IsPresent;
        });
        name = rule?.Next ?? state.Default;
        break;
      }
      case 'Task': {
        const task = { ...state.Parameters, input: data } as unknown as TaskInput;
        const outcome = attempt(task, answer, state.Retry ?? []);
        if ('answer' in outcome) {
          data = { ...outcome.answer };
          name = state.Next;
        } else if (state.Catch?.[0]) {
          data = { ...data, error: { Error: outcome.error } };
          name = state.Catch[0].Next;
        } else return { status: 'FAILED', error: outcome.error, path, waited };
        break;
      }
      default:
        throw new Error(`there is no state ${name}`);
    }
  }
  throw new Error('it never ends');
}

type Retriers = readonly { readonly ErrorEquals: readonly string[]; readonly MaxAttempts: number }[];

/** Each retrier counts for itself, as in the language. */
function attempt(
  task: TaskInput,
  answer: Answer,
  retriers: Retriers,
): { answer: Readonly<Record<string, unknown>> } | { error: string } {
  const used = new Map<object, number>();
  for (let number = 0; ; number++) {
    try {
      return { answer: answer(task, number) };
    } catch (thrown) {
      const error = (thrown as Error).name;
      const retrier = retriers.find(({ ErrorEquals }) => ErrorEquals.includes(error) || ErrorEquals.includes('States.ALL'));
      const count = retrier ? (used.get(retrier) ?? 0) : 0;
      if (!retrier || count >= retrier.MaxAttempts) return { error };
      used.set(retrier, count + 1);
    }
  }
}
