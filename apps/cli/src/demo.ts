import { readClientConfig } from '@stile/config';
import { askedToStop } from './signals';
import { OrderRun } from './order-run';
import { ProgressBar } from './output/progress-bar';
import { EXAMPLES, Stack } from './stack';

interface DemoOptions {
  readonly count: number;
  readonly exit?: boolean;
}

const READY_WITHIN_MS = 60_000;

/** The order example, at work: two workers, some failures, and an account of every machine. */
export async function demo({ count, exit = false }: DemoOptions): Promise<void> {
  const asked = askedToStop();
  void asked.then(() => console.log('\nstopping …'));
  console.log('Starting API and two workers …');
  const stack = await Stack.prepare({ workers: 2, data: 'demo', machines: EXAMPLES, quiet: true, anyPort: true });
  let complete = !exit; // to be stopped before there is an account is a failure where the status is to tell
  const show = async (): Promise<void> => {
    await stack.start();
    await stack.ready(READY_WITHIN_MS);
    console.log(`API        ${stack.url}\n\nStarting ${count} orders over HTTP; some of them will stumble, a few for good.`);
    const run = new OrderRun(stack.url, count, readClientConfig().apiKey);
    const bar = new ProgressBar(count);
    const account = await run.finish((done) => bar.show(done));
    bar.end();
    console.log(`\n${account.table()}\n`);
    complete = account.complete;
    if (!complete) console.error(`stile: ${account.missing} of ${count} orders are not accounted for`);
    if (exit) return;
    console.log(['Look at', ...run.examples(stack.url)].join('\n  '));
    console.log('\nCtrl-C drains and stops.');
    await asked;
  };
  try {
    await Promise.race([show(), asked]);
  } finally {
    await stack.stop();
  }
  process.exit(complete ? 0 : 1);
}
