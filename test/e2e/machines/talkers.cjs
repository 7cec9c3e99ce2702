// Machines that talk to each other, and a worker that dies at the worst moment: when a commit is answered, and nothing of what it left is
// delivered yet.
const { dirname, join } = require('node:path');
const { defineMachine } = require('@stile/machine');

const { OutboxPump } = require(join(dirname(require.resolve('@stile/machine')), 'engine', 'outbox-pump.js'));
if (process.env.TALKERS_DIE_AFTER_COMMIT === '1') OutboxPump.prototype.poke = () => process.kill(process.pid, 'SIGKILL');

/** Sends three messages in its only step, and starts a child whose result it waits for. */
exports.talker = defineMachine({
  name: 'talker',
  initial: 'talk',
  states: {
    talk: {
      do: (context, step) => {
        for (const n of [1, 2, 3]) step.send(context.to, 'hello', n);
        step.start('echo', { said: 'once' }, { event: 'answered' });
      },
      on: { answered: { target: 'end', action: (context, step) => void (context.answer = step.event.data) } },
    },
    end: { final: true },
  },
});

exports.echo = defineMachine({
  name: 'echo',
  initial: 'say',
  states: { say: { do: () => 'done', on: { done: 'end' } }, end: { final: true } },
});

exports.listener = defineMachine({
  name: 'listener',
  initial: 'listen',
  states: { listen: { on: { hello: 'end' } }, end: { final: true } },
});
