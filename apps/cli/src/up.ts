import { setTimeout as delay } from 'node:timers/promises';
import { askedToStop } from './signals';
import { EXAMPLES, Stack } from './stack';

/** The addresses are told this long after the API listens at the latest, ms: usually its worker is ready by then, too. */
const MOMENT_MS = 3000;

/** Runs everything until it is asked to stop, even while it starts, then drains. */
export async function up(): Promise<void> {
  const asked = askedToStop();
  const stack = await Stack.prepare({ workers: 1, data: 'redis', machines: EXAMPLES, quiet: false, anyPort: false });
  try {
    await Promise.race([bringUp(stack).then(() => asked), asked]);
  } finally {
    await stack.stop();
  }
  process.exit(0);
}

/** Without machines it never becomes ready, but there is an API to look at all the same. */
async function bringUp(stack: Stack): Promise<void> {
  await stack.start();
  const ready = stack.ready();
  await Promise.race([ready, delay(MOMENT_MS)]);
  console.log(`Page       ${stack.url}/`);
  console.log(`API        ${stack.url}/docs`);
  console.log(`Queues     ${stack.url}/queues`);
  if (!stack.config.auth)
    console.log(`Open       nobody is asked who they are: STILE_AUTH=on asks for a key, see docs/guide/access.md`);
  console.log('Ctrl-C drains and stops.');
  if (stack.notReady) console.error(`stile: not ready yet: ${stack.notReady}`);
  await ready;
}
