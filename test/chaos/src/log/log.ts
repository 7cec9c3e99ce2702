import type { Entry, EntryOf } from './entry';

/** What is known of one run of a machine. */
export interface RunLog {
  readonly correlationId: string;
  readonly runId: string;
  readonly started: EntryOf<'started'>[];
  readonly attempts: EntryOf<'attempt'>[];
  readonly acted: EntryOf<'acted'>[];
  readonly aborted: EntryOf<'aborted'>[];
  readonly effects: EntryOf<'effect'>[];
  readonly taken: EntryOf<'taken'>[];
  /** By `index`, whichever order they were written in. */
  readonly history: EntryOf<'history'>[];
  /** The last one written. */
  end?: EntryOf<'end'>;
}

export interface MachineLog {
  readonly correlationId: string;
  readonly runs: Map<string, RunLog>;
  readonly sent: EntryOf<'sent'>[];
  readonly maybes: EntryOf<'maybe'>[];
  readonly resumed: EntryOf<'resumed'>[];
}

/** Entries by machine and run. Every invariant but the last looks at one machine at a time. */
export interface Log {
  readonly machines: Map<string, MachineLog>;
  readonly faults: EntryOf<'fault'>[];
  readonly keys: EntryOf<'key'>[];
  readonly lost: EntryOf<'lost'>[];
  /** Last lines torn by a kill. */
  torn: number;
}

export function buildLog(entries: Iterable<Entry>): Log {
  const log: Log = { machines: new Map(), faults: [], keys: [], lost: [], torn: 0 };
  for (const entry of entries) addEntry(log, entry);
  for (const { runs } of log.machines.values()) {
    for (const { history } of runs.values()) history.sort((a, b) => a.index - b.index);
  }
  return log;
}

function addEntry(log: Log, entry: Entry): void {
  switch (entry.kind) {
    case 'fault':
      return void log.faults.push(entry);
    case 'key':
      return void log.keys.push(entry);
    case 'lost':
      return void log.lost.push(entry);
    case 'sent':
      return void machineOf(log, entry.correlationId).sent.push(entry);
    case 'maybe':
      return void machineOf(log, entry.correlationId).maybes.push(entry);
    case 'resumed':
      return void machineOf(log, entry.correlationId).resumed.push(entry);
    default:
      return addToRun(runOf(machineOf(log, entry.correlationId), entry.runId), entry);
  }
}

function addToRun(run: RunLog, entry: Exclude<Entry, { kind: 'fault' | 'key' | 'lost' | 'sent' | 'maybe' | 'resumed' }>): void {
  switch (entry.kind) {
    case 'attempt':
      return void run.attempts.push(entry);
    case 'acted':
      return void run.acted.push(entry);
    case 'aborted':
      return void run.aborted.push(entry);
    case 'effect':
      return void run.effects.push(entry);
    case 'taken':
      return void run.taken.push(entry);
    case 'started':
      return void run.started.push(entry);
    case 'history':
      return void run.history.push(entry);
    case 'end':
      run.end = entry;
      return;
    default:
      throw new Error(`an entry of kind ${JSON.stringify((entry as Entry).kind)}: the checker knows no such kind`);
  }
}

function machineOf(log: Log, correlationId: string): MachineLog {
  let machine = log.machines.get(correlationId);
  if (!machine) {
    machine = { correlationId, runs: new Map(), sent: [], maybes: [], resumed: [] };
    log.machines.set(correlationId, machine);
  }
  return machine;
}

function runOf({ correlationId, runs }: MachineLog, runId: string): RunLog {
  let run = runs.get(runId);
  if (!run) {
    run = { correlationId, runId, started: [], attempts: [], acted: [], aborted: [], effects: [], taken: [], history: [] };
    runs.set(runId, run);
  }
  return run;
}

export function* runsOf(log: Log): Generator<RunLog> {
  for (const machine of log.machines.values()) yield* machine.runs.values();
}
