import { bindAll, loadYamlText, type Definition } from '@stile/machine';
import { FormatError } from '../format-error';
import { toYaml } from '../yaml';
import { Findings } from './fields';
import { readMachine } from './read-machine';

/** A Stile definition made of an XState machine. */
export interface FromXState {
  /** A file of definitions, ready to be read. */
  readonly yaml: string;
  /** What was left out, or has to be known, with its path in what was given. */
  readonly notes: readonly string[];
}

/**
 * A definition of an XState machine config, as JSON has it: a flat machine of states, `on`, `after`, `entry`, `exit` and `invoke`. It is read as
 * XState 5: a transition to the state itself without `reenter` does not leave it.
 *
 * An invoked actor becomes the `do` action: what was `onDone` and `onError` is an event that `do` has to return, and the one that the last
 * failed attempt turns into. What {@link toXState} kept under `meta.stile` is read back.
 *
 * @param json the config, parsed
 * @throws FormatError with everything that Stile has no counterpart for (nested, parallel and history states, guards, `always`, inline
 *   and built-in actions, several actions in one place …), and with what Stile refuses about the definition that came of it
 */
export function fromXState(json: unknown): FromXState {
  const findings = new Findings();
  const definition = readMachine(json, findings);
  if (!definition || findings.problems.length > 0)
    throw new FormatError('this XState machine cannot be expressed', findings.problems);
  const yaml = toYaml(definition);
  checkYaml(definition, yaml, findings);
  if (findings.problems.length > 0)
    throw new FormatError('the definition that this XState machine comes to is refused', findings.problems);
  return { yaml, notes: findings.notes };
}

/** What comes out must be what workers take: the loader is asked, with an action for each name. */
function checkYaml({ name, states }: Definition, yaml: string, findings: Findings): void {
  const { sources, problems } = loadYamlText(yaml, `${name}.yaml`);
  const actions = Object.values(states).flatMap((state) => [
    ...[state.entryAction, state.doAction, state.exitAction],
    ...Object.values(state.transitions).map(({ action }) => action),
  ]);
  const known = new Map(actions.filter((action) => action !== undefined).map((action) => [action, () => undefined]));
  for (const { severity, message } of [...problems, ...bindAll(sources, known).problems]) {
    if (severity === 'error') findings.refuse('', message);
    else findings.note('definition', message);
  }
}
