import type { EffectRule } from '../checker';
import { EFFECTS, KEPT_EFFECTS } from '../worker/machines';

/** Each committed step into these states has had its effect, seen by both sinks. */
export function checkedEffects(): readonly EffectRule[] {
  const rule = (machine: string, state: string, sink: EffectRule['sink']): EffectRule => ({
    machine,
    state,
    action: state,
    sink,
  });
  return Object.entries(EFFECTS).flatMap(([machine, states]) =>
    states.flatMap((state) => {
      // What `step.once` has kept is not done again under the fence that commits.
      const keyed = rule(machine, state, 'keyed');
      return KEPT_EFFECTS.has(`${machine}/${state}`) ? [keyed] : [keyed, rule(machine, state, 'fenced')];
    }),
  );
}

/** What a deployment keeps when all its machines are gone. */
export const KEYS_THAT_STAY: readonly RegExp[] = [
  /:(layout|definitions|workers|processes|holds|hold-names|secret|counts|timings)$/,
  // Minutes of a definition's figures, which expire by themselves (decision 23).
  /:figures:[^:]+:\d+$/,
  // Tombstones, which expire by themselves (J7).
  /:x:/,
  // BullMQ's own, of a queue and not of a job.
  /:q:[^:]+:(meta|events|id|marker|stalled-check|delayed|wait|active|completed|failed)$/,
];
