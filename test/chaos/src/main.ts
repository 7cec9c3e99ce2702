import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { FAULTS } from './faults';
import { readOptions, USAGE } from './options';
import { writeReport } from './report/report';
import { passed, runFaults } from './run';

/** Runs the fault matrix, or a part of it, and writes a report. Ends with 0 only when everything held. */
async function main(): Promise<number> {
  const names = FAULTS.map(({ name }) => name);
  const options = readOptions(process.argv.slice(2), names);
  if (options === 'help') return print(USAGE);
  if (options === 'list') return print(FAULTS.map(({ name, title }) => `${name.padEnd(24)} ${title}`).join('\n'));
  const run = { ...options, out: resolve(options.out) };
  mkdirSync(run.out, { recursive: true });
  console.log(`seed ${run.seed}, ${run.size}: ${run.faults.join(', ')}`);
  const chosen = FAULTS.filter(({ name }) => run.faults.includes(name));
  const results = await runFaults(chosen, run, (line) => console.log(line));
  const report = writeReport(chosen, results, run);
  writeFileSync(join(run.out, 'report.md'), report);
  console.log(`\n${report}\nwritten to ${join(run.out, 'report.md')}`);
  return results.length > 0 && results.every((result) => passed(result, run.size)) ? 0 : 1;
}

function print(text: string): number {
  console.log(text);
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof RangeError ? error.message : error);
    process.exit(2);
  },
);
