import { askedToStop } from './signals';
import { OrderRun } from './order-run';
import { ProgressBar } from './progress-bar';
import { EXAMPLES, Stack } from './stack';

interface DemoOptions {
  readonly count: number;
  readonly exit?: boolean;
}

/** The order example, at work: two workers, some failures, and an account of every machine. */
export async function demo({ count, exit = false }: DemoOptions): Promise<void> {
  const asked = askedToStop();
  void asked.then(() => console.log('\nstopping …'));
  console.log('Starting API and two workers …');
  const stack = await Stack.start({ workers: 2, data: 'demo', machines: EXAMPLES, quiet: true, anyPort: true });
  let status = 1;
  try {
    console.log(`API        ${stack.url}\n\nStarting ${count} orders over HTTP; some of them will stumble, a few for good.`);
    const run = new OrderRun(stack.url, count);
    const bar = new ProgressBar(count);
    const account = await Promise.race([run.finish((done) => bar.show(done)), asked]);
    bar.end();
    if (account) {
      console.log(`\n${account.table()}\n`);
      status = account.complete ? 0 : 1;
      if (!account.complete) console.error(`stile: ${account.missing} of ${count} orders are not accounted for`);
    }
    if (!exit && account) {
      console.log(['Look at', ...run.examples(stack.url)].join('\n  '));
      console.log('\nCtrl-C drains and stops.');
      await asked;
    }
  } finally {
    await stack.stop();
  }
  process.exit(status);
}
