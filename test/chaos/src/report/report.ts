import type { Fault } from '../faults/fault';
import type { ChaosRun } from '../options';
import { passed, type PassResult } from '../run';

/** The fault matrix as a person reads it: a row each, then what went wrong, with how to see it again. */
export function writeReport(faults: readonly Fault[], results: readonly PassResult[], run: ChaosRun): string {
  const rows = faults.map((fault) =>
    row(
      fault,
      results.filter((result) => result.fault === fault.name),
    ),
  );
  const wrong = results.filter((result) => !passed(result, run.size));
  return [
    '# Faults',
    '',
    `Seed ${run.seed}, ${run.size}. \`npm run chaos -- --seed ${run.seed}${run.size === 'quick' ? ' --quick' : ''}\` does it again.`,
    '',
    '| fault | target | passes | injected | violations | targets missed | figures |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
    ...(wrong.length === 0 ? ['Nothing was violated.'] : wrong.flatMap(details)),
    '',
  ].join('\n');
}

function row(fault: Fault, results: readonly PassResult[]): string {
  const outcomes = results.map(({ outcome }) => outcome).filter((outcome) => outcome !== undefined);
  const broken = results.length - outcomes.length;
  const injected = total(outcomes.map((outcome) => outcome.injected));
  const figures = new Map<string, number[]>();
  for (const outcome of outcomes) {
    for (const [name, value] of Object.entries(outcome.figures)) figures.set(name, [...(figures.get(name) ?? []), value]);
  }
  const cells = [
    `**${fault.name}** ${fault.title}`,
    fault.target,
    results.length === 0 ? 'not run' : `${results.length}${broken > 0 ? `, ${broken} broken` : ''}`,
    Object.entries(injected)
      .map(([what, count]) => `${count} ${what}`)
      .join(', '),
    String(outcomes.reduce((sum, { violations }) => sum + violations.length, 0)),
    String(outcomes.reduce((sum, { missed, late = [] }) => sum + missed.length + late.length, 0)),
    [...figures].map(([name, values]) => `${name} ${figure(values)}`).join(', '),
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** One value, or the smallest and the largest of several passes. */
function figure(values: readonly number[]): string {
  const round = (value: number): string => String(Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 100) / 100);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? round(most) : `${round(least)}-${round(most)}`;
}

function total(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const one of counts) for (const [what, count] of Object.entries(one)) sum[what] = (sum[what] ?? 0) + count;
  return sum;
}

function details(result: PassResult): string[] {
  const { fault, seed, outcome, error } = result;
  const lines = [`## ${fault}, seed ${seed}`, '', `\`npm run chaos -- --fault ${fault} --seed ${seed} --keep\``, ''];
  if (error !== undefined) lines.push('```', error, '```');
  for (const missed of [...(outcome?.missed ?? []), ...(outcome?.late ?? [])]) lines.push(`- missed: ${missed}`);
  for (const { invariant, correlationId, text, entries } of (outcome?.violations ?? []).slice(0, 20)) {
    lines.push(`- **${invariant}** ${correlationId}: ${text}`, ...entries.map((entry) => `  - \`${JSON.stringify(entry)}\``));
  }
  return [...lines, ''];
}
