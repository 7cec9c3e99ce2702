const { defineMachine } = require('@stile/machine');

exports.one = defineMachine({ name: 'lone-1', initial: 'end', states: { end: { final: true } } });

exports.ten = defineMachine({
  name: 'lone-10',
  initial: 'work',
  states: {
    work: { do: (_context, step) => (step.steps < 8 ? 'more' : 'enough'), on: { more: 'work', enough: 'end' } },
    end: { final: true },
  },
});
