// A plain module, no compiler: run it with STILE_MACHINES=examples/plain-js npm start
const { Action } = require('@stile/machine');

exports.Say = Action('greet.say')(
  class Say {
    execute(context, step) {
      context.greeting = `Hello, ${context.name ?? 'world'}!`;
      step.log.info(context.greeting);
      return 'said';
    }
  },
);
