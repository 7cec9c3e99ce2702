// Machines that have something secret wherever users' data can be: contexts, data of events, results of step.once, heartbeats, messages,
// contexts and results of children, errors and their stacks.
const { defineMachine } = require('@stile/machine');

/** Waits for `open`, with a secret in its data; then does all that leaves data behind, and waits for its children. */
exports.vault = defineMachine({
  name: 'vault',
  maxRetries: 1,
  retry: { baseMs: 1, capMs: 1 },
  initial: 'closed',
  states: {
    closed: { on: { open: 'work' } },
    work: {
      do: async (context, step) => {
        context.came = step.event.data;
        const once = await step.once('call', () => ({ result: context.secret }));
        await step.heartbeat({ at: context.secret });
        if (step.retries === 0) throw Object.assign(new Error(`failed with ${context.secret}`), { code: 'TRIED' });
        context.once = once;
        context.beat = await step.lastHeartbeat();
        if (context.friend) step.send(context.friend, 'open', { message: context.secret });
        step.startAll('cell', [{ secret: context.secret }, { secret: context.secret, fail: true }], {
          event: 'joined',
          tolerate: 'any',
        });
      },
      on: { joined: 'end' },
    },
    end: { entry: (context, step) => void (context.joined = step.event.data), final: true },
  },
});

/** A child: ends with what it was given, or fails with it. */
exports.cell = defineMachine({
  name: 'cell',
  maxRetries: 0,
  initial: 'a',
  states: {
    a: {
      do: (context) => {
        if (context.fail) throw Object.assign(new Error(`no more ${context.secret}`), { code: 'BROKEN' });
        context.result = context.secret;
        return 'on';
      },
      on: { on: 'b' },
    },
    b: { final: true },
  },
});

/** Keeps events that come early. */
exports.busy = defineMachine({
  name: 'busy',
  initial: 'first',
  states: { first: { on: { go: 'second' } }, second: { on: { open: 'end' } }, end: { final: true } },
});
