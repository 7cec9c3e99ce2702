// The `stile` command from a checkout: sets up what is missing, then becomes the command, in this same process, so that signals
// reach it. The demo is where newcomers begin: it shows each thing that is done.
import { setUp } from './setup.mjs';

const [command, ...options] = process.argv.slice(2);
const wantsHelp = options.some((option) => option === '--help' || option === '-h');
await setUp({ quiet: command !== 'demo' || wantsHelp });
await import('../apps/cli/dist/main.js');
