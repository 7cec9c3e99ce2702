export { CountUp, CountUpByTens, LogCount } from './counter.actions';
export { OrderMachine } from './order.machine';
