import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '@stile/machine';
import type { Fault, Outcome, Pass } from './faults/fault';
import type { ChaosRun } from './options';

/** One pass and what came of it. */
export interface PassResult {
  readonly fault: string;
  readonly seed: number;
  readonly seconds: number;
  readonly outcome?: Outcome;
  /** The pass itself broke: a fault of the harness, or worse. */
  readonly error?: string;
}

export function passed({ outcome, error }: PassResult, size: Pass['size']): boolean {
  if (error !== undefined || !outcome) return false;
  const { violations, missed, late = [] } = outcome;
  return violations.length === 0 && missed.length === 0 && (size === 'quick' || late.length === 0);
}

/** Passes of all faults, one after the other. Logs of those that went wrong stay in `out`, with the seed that brings them again. */
export async function runFaults(faults: readonly Fault[], run: ChaosRun, say: (line: string) => void): Promise<PassResult[]> {
  const results: PassResult[] = [];
  const end = performance.now() + run.minutes * 60_000;
  for (const fault of faults) {
    const passes = run.size === 'quick' ? 1 : (fault.passes ?? 1);
    for (let i = 0; i < passes && performance.now() < end; i++) {
      const result = await runPass(fault, run.seed + i, run, say);
      results.push(result);
      writeFileSync(join(run.out, 'passes.json'), `${JSON.stringify(results, null, 1)}\n`);
      say(`${fault.name} (seed ${result.seed}): ${verdict(result, run.size)} in ${result.seconds.toFixed(1)} s`);
    }
  }
  return results;
}

async function runPass(
  fault: Fault,
  seed: number,
  { out, size, keep }: ChaosRun,
  say: (line: string) => void,
): Promise<PassResult> {
  const folder = join(out, `${fault.name}-${seed}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const began = performance.now();
  const about = { fault: fault.name, seed };
  let result: PassResult;
  try {
    const pass = { seed, random: seededRandom(seed), size, folder, say: (line: string) => say(`  ${line}`) };
    const outcome = await fault.run(pass);
    result = { ...about, seconds: (performance.now() - began) / 1000, outcome };
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    result = { ...about, seconds: (performance.now() - began) / 1000, error: text };
  }
  if (passed(result, size) && !keep) rmSync(folder, { recursive: true, force: true });
  return result;
}

function verdict(result: PassResult, size: Pass['size']): string {
  if (result.error !== undefined) return `broke: ${result.error}`;
  if (passed(result, size)) return 'holds';
  const { violations = [], missed = [], late = [] } = result.outcome ?? {};
  return [
    `${violations.length} violations`,
    ...violations.slice(0, 5).map(({ invariant, text }) => `${invariant}: ${text}`),
    ...missed,
    ...late,
  ].join('\n    ');
}
