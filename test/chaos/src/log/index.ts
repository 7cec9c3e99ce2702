export type * from './entry';
export { buildLog, runsOf, type Log, type MachineLog, type RunLog } from './log';
export { LogWriter, type LogWriterOptions } from './log-writer';
export { logFiles, readLog, scanLog, type Torn } from './read-log';
