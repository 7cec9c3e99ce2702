// Machines that a test can hold by the sleeve: what they do is told through lists in Redis, and they wait there for a key.
const { setTimeout: delay } = require('node:timers/promises');
const { defineMachine } = require('@stile/machine');
const { Redis } = require('ioredis');

let client;
const redis = () => (client ??= new Redis(process.env.STILE_REDIS_URL));

/** Stays in `work` until the key `<gate>:open` exists, whatever its signal says. */
exports.gated = defineMachine({
  name: 'gated',
  maxRetries: 0,
  initial: 'work',
  states: {
    work: {
      do: async (context, step) => {
        const tell = (what) => redis().rpush(`${context.gate}:${what}`, JSON.stringify({ pid: process.pid, fence: step.fence }));
        step.signal.addEventListener('abort', () => void tell('aborted'));
        await tell('entered');
        while (!(await redis().exists(`${context.gate}:open`))) await delay(10);
        context.doneBy = process.pid;
        return 'done';
      },
      on: { done: 'end' },
    },
    end: { final: true },
  },
});

/** Takes its worker with it. */
exports.poison = defineMachine({
  name: 'poison',
  initial: 'work',
  states: { work: { do: () => process.exit(7), on: { done: 'end' } }, end: { final: true } },
});
