const { spawn } = require('node:child_process');
const { join } = require('node:path');
const { Action } = require('@stile/machine');

// Where the API answers. `npm start` tells its workers the port.
const api = () => process.env.CALLBACK_URL ?? `http://127.0.0.1:${process.env.STILE_PORT ?? 3000}`;

/** Starts the program, and does not wait for it. */
exports.BeginCounting = Action('count-words.begin')(
  class BeginCounting {
    async execute(context, step) {
      // Every attempt gets the same token: a program that a dead worker has started is as good as the next one. Whichever is first
      // completes the state, the other is told 410.
      const token = await step.callback({ expires: '10m', failed: 'broken' });
      const program = spawn('sh', [join(__dirname, 'count-words.sh')], {
        // The environment, unlike the command line, is not shown to other users of the machine.
        env: { PATH: process.env.PATH, CALLBACK_URL: api(), CALLBACK_TOKEN: token },
        stdio: ['pipe', 'ignore', 'inherit'],
        detached: true, // it goes on when this worker stops
      });
      await new Promise((resolve, reject) => program.once('spawn', resolve).once('error', reject));
      program.stdin.on('error', () => undefined); // it has ended before it read all: it says so itself
      program.stdin.end(String(context.text ?? ''));
      program.unref();
    }
  },
);

exports.KeepCount = Action('count-words.keep')(
  class KeepCount {
    execute(context, step) {
      context.result = step.event.data ?? null;
    }
  },
);
