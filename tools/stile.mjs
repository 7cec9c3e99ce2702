// The `stile` command from a checkout: sets up what is missing, then becomes the command, in this same process, so that signals
// reach it. The demo is where newcomers begin: it shows each thing that is done.
import { setUp } from './setup.mjs';

await setUp({ quiet: process.argv[2] !== 'demo' });
await import('../apps/cli/dist/main.js');
