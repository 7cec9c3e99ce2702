import { statSync } from 'node:fs';
import { join } from 'node:path';
import { buildLog, logFiles, scanLog, type Entry, type Log, type Torn } from '../log';
import { acknowledged } from './acknowledged';
import { effects } from './effects';
import { fences } from './fences';
import { FigureCount, type Figures } from './figures';
import { leftoverKeys, leftovers, liveIds } from './leftovers';
import { progress } from './progress';
import { gapFree } from './steps';
import { INVARIANTS, type CheckOptions, type Invariant, type InvariantName, type Violation } from './violation';

export const CHECKS: Readonly<Record<InvariantName, Invariant>> = {
  I1: gapFree,
  I2: fences,
  I3: progress,
  I4: effects,
  I5: acknowledged,
  I6: leftovers,
};

export interface Summary {
  readonly ok: boolean;
  /** Violations of each invariant that was checked; all of them counted. */
  readonly counts: Readonly<Partial<Record<InvariantName, number>>>;
  /** The first of them, `maxViolations` of each invariant. */
  readonly violations: readonly Violation[];
  readonly figures: Figures;
}

export interface SummaryOptions extends CheckOptions {
  /** @default all */
  readonly only?: readonly InvariantName[];
  /** Violations kept of each invariant. @default 100 */
  readonly maxViolations?: number;
}

/** Checks a log that is held in memory. */
export function checkLog(log: Log, options: SummaryOptions = {}): Summary {
  const summing = new Summing(options);
  summing.add(log);
  summing.addLeftovers(log.keys, liveIds(log));
  return summing.result();
}

export interface FolderOptions extends SummaryOptions {
  /** Bytes of log read into memory at a time; as objects they take two to three times as much. @default 128 MB */
  readonly passBytes?: number;
}

/**
 * Checks a folder of logs, of whatever size: a large one is read in several passes, each of which holds a share of the machines. No
 * invariant but I6 looks at two machines, so the result is the same.
 */
export function checkFolder(folder: string, options: FolderOptions = {}): Summary {
  const bytes = logFiles(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  const passes = Math.max(1, Math.ceil(bytes / (options.passBytes ?? 128 * 1024 * 1024)));
  const summing = new Summing(options);
  const live = new Set<string>();
  const keys: Log['keys'] = [];
  for (let pass = 0; pass < passes; pass++) {
    const found: Torn = { torn: 0 };
    const log = buildLog(scanLog(folder, passes === 1 ? undefined : (line) => belongsTo(line, pass, passes), found));
    if (pass === 0) log.torn = found.torn;
    keys.push(...log.keys);
    for (const id of liveIds(log)) live.add(id);
    summing.add(log);
  }
  summing.addLeftovers(keys, live);
  return summing.result();
}

const ID = '"correlationId":"';

/** By the machine's id, without parsing the line. Lines of no machine belong to the first pass; a lost tail concerns them all. */
function belongsTo(line: string, pass: number, passes: number): boolean {
  const begin = line.indexOf(ID);
  if (begin < 0) return pass === 0 || line.includes('"kind":"lost"');
  let hash = 0;
  for (let i = begin + ID.length; i < line.length && line[i] !== '"'; i++)
    hash = (Math.imul(hash, 31) + line.charCodeAt(i)) >>> 0;
  return hash % passes === pass;
}

class Summing {
  private readonly figures = new FigureCount();
  private readonly counts: Partial<Record<InvariantName, number>> = {};
  private readonly kept: Partial<Record<InvariantName, Violation[]>> = {};
  private readonly names: readonly InvariantName[];

  constructor(private readonly options: SummaryOptions) {
    this.names = options.only ?? INVARIANTS;
    for (const name of this.names) this.note(name, []);
  }

  add(log: Log): void {
    this.figures.add(log, this.options);
    for (const name of this.names) if (name !== 'I6') this.note(name, CHECKS[name](log, this.options));
  }

  /** Once, when all live machines are known. */
  addLeftovers(keys: Log['keys'], live: ReadonlySet<string>): void {
    if (this.names.includes('I6')) this.note('I6', leftoverKeys(keys, live, this.options.allowedKeys ?? []));
  }

  result(): Summary {
    const violations = this.names.flatMap((name) => this.kept[name] ?? []);
    return {
      ok: this.names.every((name) => this.counts[name] === 0),
      counts: this.counts,
      violations,
      figures: this.figures.result(),
    };
  }

  private note(name: InvariantName, found: readonly Violation[]): void {
    const kept = (this.kept[name] ??= []);
    this.counts[name] = (this.counts[name] ?? 0) + found.length;
    kept.push(...found.slice(0, Math.max(0, (this.options.maxViolations ?? 100) - kept.length)));
  }
}

/** For a report: the sentence, and the entries it rests on. */
export function describeViolation({ invariant, correlationId, text, entries }: Violation): string {
  const lines = entries.map((entry: Entry) => `    ${entry.source}:${entry.seq + 1} ${JSON.stringify(entry)}`);
  return [`${invariant} ${correlationId === '' ? '' : `${correlationId}: `}${text}`, ...lines].join('\n');
}
