import type { Definition } from '@stile/machine';
import { AslBuilder, type AslState } from './builder';
import { aslNotes } from './notes';
import { seconds } from './seconds';

export interface AslOptions {
  /**
   * The ARN of what runs a state's actions, by the state's name.
   *
   * @default a Lambda function that is not there: `arn:aws:lambda:us-east-1:123456789012:function:NAME-STATE`
   */
  readonly resource?: (state: string) => string;
}

/** A state machine in Amazon States Language, JSONPath dialect. */
export interface AslStateMachine {
  readonly Comment: string;
  readonly StartAt: string;
  readonly TimeoutSeconds?: number;
  readonly States: Readonly<Record<string, AslState>>;
}

export interface AslTranslation {
  readonly asl: AslStateMachine;
  /** What ASL cannot express, and what it does otherwise, with the place in the definition. They stand in `Comment`, too. */
  readonly notes: readonly string[];
}

/**
 * A definition as an Amazon States Language state machine. Pure and deterministic.
 *
 * Each state becomes a Task with the state's retry policy, followed by a Choice on `$.event`; a final state ends in Succeed. A Task gets
 * `{ machine, state, actions, input }`, where `actions` are the names of the actions to run, in this order, and `input` is what the Task before
 * answered; it answers `{ event, context }`, without `event` where it waits. Timers become Wait states, taken one after the other; `onExhausted`
 * a Catch. What is run on leaving a state is a Task of its own, which has to hand the event on. An event that the state does not have ends in
 * a Fail, `UNKNOWN_EVENT`; waiting for what cannot come in another, `NO_EVENT`.
 */
export function toAsl(definition: Definition, options: AslOptions = {}): AslTranslation {
  const { name, version, deadline } = definition;
  const { resource = (state) => placeholderArn(name, state) } = options;
  const builder = new AslBuilder(definition, resource);
  const { start, states, reached, cut } = builder.build();
  const notes = [
    ...aslNotes(definition, reached),
    ...(cut.length > 0 ? [`names: ${cut.length} of them are cut to the 80 characters that ASL allows for`] : []),
  ];
  const TimeoutSeconds = deadline && deadline.event === undefined ? seconds(deadline.afterMs) : undefined;
  const asl = {
    Comment: [`${name}@${version}, translated from a Stile definition.`, ...notes].join('\n'),
    StartAt: start,
    ...(TimeoutSeconds === undefined ? {} : { TimeoutSeconds }),
    States: states,
  };
  return { asl, notes };
}

/** Names of Lambda functions have up to 64 of `A-Z a-z 0-9 - _`. */
function placeholderArn(machine: string, state: string): string {
  const name = `${machine}-${state}`.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, 64);
  return `arn:aws:lambda:us-east-1:123456789012:function:${name}`;
}
