/** What `npm run chaos` was asked for. */
export interface ChaosRun {
  /** @default a new one, printed */
  readonly seed: number;
  /** Names of faults. @default all */
  readonly faults: readonly string[];
  /** No pass is begun after so many minutes. @default no limit */
  readonly minutes: number;
  /** @default full */
  readonly size: 'quick' | 'full';
  /** Folder of report and logs. */
  readonly out: string;
  /** Keeps the logs of passes that went well, too. @default false */
  readonly keep: boolean;
}

export const USAGE = `npm run chaos -- [options]

  --seed N       makes all that is chosen by chance; the same again does the same again (default: a new one, printed)
  --fault NAME   one fault, or several with commas between (default: all)
  --minutes M    begins nothing after so many minutes (default: no limit)
  --quick        a part of each fault, as in npm test
  --out FOLDER   where the report and the logs go (default: chaos-report)
  --keep         keeps the logs of passes that went well, too
  --list         names the faults`;

/** @throws RangeError naming the option, the value and what would do */
export function readOptions(args: readonly string[], names: readonly string[]): ChaosRun | 'list' | 'help' {
  const rest = [...args];
  const run = {
    seed: Math.floor(Math.random() * 2 ** 31),
    faults: names,
    minutes: Infinity,
    size: 'full',
    out: 'chaos-report',
    keep: false,
  };
  const value = (option: string): string => {
    const next = rest.shift();
    if (next === undefined || next.startsWith('--')) throw new RangeError(`${option} needs a value\n\n${USAGE}`);
    return next;
  };
  for (let option = rest.shift(); option !== undefined; option = rest.shift()) {
    if (option === '--help') return 'help';
    else if (option === '--list') return 'list';
    else if (option === '--quick') run.size = 'quick';
    else if (option === '--keep') run.keep = true;
    else if (option === '--out') run.out = value(option);
    else if (option === '--seed') run.seed = number(option, value(option), 0);
    else if (option === '--minutes') run.minutes = number(option, value(option), Number.MIN_VALUE);
    else if (option === '--fault')
      run.faults = value(option)
        .split(',')
        .map((name) => known(name, names));
    else throw new RangeError(`there is no option ${option}\n\n${USAGE}`);
  }
  return run as ChaosRun;
}

function number(option: string, text: string, min: number): number {
  const value = Number(text);
  if (!(value >= min)) throw new RangeError(`${option} is ${text}; give a number ${min === 0 ? 'from 0' : 'above 0'}`);
  return value;
}

function known(name: string, names: readonly string[]): string {
  if (!names.includes(name)) throw new RangeError(`there is no fault "${name}"; give some of ${names.join(', ')}`);
  return name;
}
