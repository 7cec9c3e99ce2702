import { defineMachine, type MachineSource } from '@stile/machine';

export const quietLog = {
  debug: () => undefined,
  log: () => undefined,
  warn: (message: string) => console.error(message),
  error: (message: string) => console.error(message),
};

/** A machine of exactly so many committed steps, whose actions do nothing but count. */
export function machineOf(steps: number): MachineSource {
  if (steps === 1) return defineMachine({ name: 'steps-1', initial: 'end', states: { end: { final: true } } });
  return defineMachine({
    name: `steps-${steps}`,
    initial: 'work',
    states: {
      work: {
        do: (context, step) => {
          context.count = step.steps;
          return step.steps + 2 < steps ? 'more' : 'enough';
        },
        on: { more: 'work', enough: 'end' },
      },
      end: { final: true },
    },
  });
}

/** Waits for so many events; each is one committed step, the last one of it too. */
export function listenerOf(events: number): MachineSource {
  return defineMachine({
    name: `listener-${events}`,
    initial: 'listening',
    states: {
      listening: { on: { heard: 'hearing' } },
      hearing: {
        do: (context) => {
          const heard = Number(context.heard ?? 0) + 1;
          context.heard = heard;
          return heard === events ? 'enough' : undefined;
        },
        on: { heard: 'hearing', enough: { target: 'end', local: true } },
      },
      end: { final: true },
    },
  });
}
