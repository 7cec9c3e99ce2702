import { askedToStop } from './signals';
import { EXAMPLES, Stack } from './stack';

/** Runs everything until it is asked to stop, then drains. */
export async function up(): Promise<void> {
  const asked = askedToStop();
  const starting = Stack.start({ workers: 1, data: 'redis', machines: EXAMPLES, quiet: false, anyPort: false });
  const stack = await Promise.race([starting, asked.then(() => undefined)]);
  if (stack) {
    console.log(`API        ${stack.url}/docs`);
    console.log(`Queues     ${stack.url}/queues`);
    console.log('Ctrl-C drains and stops.');
    await asked;
  }
  await (await starting).stop();
  process.exit(0);
}
