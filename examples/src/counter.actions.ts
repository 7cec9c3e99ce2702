import { Action, type ActionClass, type Step } from '@stile/machine';

interface Counter {
  /** Counts up to here. @default 10 */
  limit?: number;
  count?: number;
}

/** One up, and whether that is enough: the `do` action of machines/counter.yaml. */
@Action('counter.up')
export class CountUp implements ActionClass {
  execute(context: Counter) {
    context.count = (context.count ?? 0) + 1;
    return context.count < (context.limit ?? 10) ? 'more' : 'enough';
  }
}

/** The same, but every tenth event leaves a committed step behind: machines/counter-mixed.yaml. */
@Action('counter.up-by-tens')
export class CountUpByTens implements ActionClass {
  execute(context: Counter) {
    context.count = (context.count ?? 0) + 1;
    if (context.count >= (context.limit ?? 10)) return 'enough';
    return context.count % 10 === 0 ? 'ten' : 'more';
  }
}

@Action('counter.log')
export class LogCount implements ActionClass {
  execute(context: Counter, step: Step) {
    step.log.info(`counted to ${context.count ?? 0} in ${step.steps + 1} steps`);
  }
}
