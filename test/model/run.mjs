#!/usr/bin/env node
// Searches the model of the protocol: every configuration of configurations.mjs. See README.md.
//   node test/model/run.mjs [--only <name>] [--trail <name>]
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MUTANTS, WHOLE } from './configurations.mjs';

const run = promisify(execFile);
const HERE = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const DEPTH = 100_000;
const LIMITS = { maxBuffer: 256 * 1024 * 1024, timeout: 180_000 };
/** A search that needs more than this has not finished: an error of the run. */
const MEMORY_MB = 3000;
const COLUMNS = [16, 62, 10, 8];

/** @returns its output, whatever it exits with: `pan` tells what it found in words */
async function output(command, args, cwd) {
  try {
    const { stdout } = await run(command, args, { cwd, ...LIMITS });
    return stdout;
  } catch (error) {
    if (error.code === 'ENOENT') {
      throw new Error(
        `"${command}" is not on the PATH: install it (Debian: apt-get install --no-install-recommends spin gcc libc6-dev)`,
        { cause: error },
      );
    }
    if (error.killed)
      throw new Error(`"${command}" took longer than ${LIMITS.timeout / 1000} s in ${cwd}: take smaller budgets`, {
        cause: error,
      });
    return `${error.stdout ?? ''}${error.stderr ?? ''}`;
  }
}

const flags = ({ defines }) => Object.entries(defines).map(([name, value]) => `-D${name}=${value}`);

async function build(configuration, dir) {
  await cp(HERE, dir, { recursive: true });
  const told = await output('spin', ['-a', ...flags(configuration), 'protocol.pml'], dir);
  // Depth-first with each state kept in full (no hashing away of any): the search is exhaustive or it is an error.
  const compiled = await output(
    'cc',
    ['-O2', '-w', '-DSAFETY', '-DCOLLAPSE', `-DMEMLIM=${MEMORY_MB}`, '-o', 'pan', 'pan.c'],
    dir,
  );
  return `${told}${compiled}`;
}

/** Which assertion, by the name that stands in its comment. */
async function nameOf(dir, configuration) {
  const trail = await output('spin', ['-t', '-p', ...flags(configuration), 'protocol.pml'], dir);
  const [, file, line] = trail.match(/spin: (\S+):(\d+), Error: assertion violated/) ?? [];
  if (!file) return 'an assertion that the trail does not name';
  const source = await output('sed', ['-n', `${line}p`, file], dir);
  return source.match(/assert\(\/\* (.+?) \*\//)?.[1] ?? source.trim();
}

async function search(configuration) {
  const dir = await mkdtemp(join(tmpdir(), 'stile-model-'));
  try {
    const told = await build(configuration, dir);
    const from = performance.now();
    const found = await output('./pan', [`-m${DEPTH}`, '-w24'], dir);
    const seconds = (performance.now() - from) / 1000;
    const states = Number(found.match(/([\d.e+]+) states, stored/)?.[1] ?? NaN);
    const errors = Number(found.match(/errors: (\d+)/)?.[1] ?? NaN);
    const cut = /max search depth too small|out of memory|Search not completed|truncated/i.test(found);
    const assertion = errors > 0 && /assertion violated/.test(found) ? await nameOf(dir, configuration) : undefined;
    return { ...configuration, seconds, states, errors, cut, assertion, told: Number.isNaN(errors) ? `${told}${found}` : '' };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function judge({ expect, errors, cut, assertion, told }) {
  if (Number.isNaN(errors)) return { good: false, verdict: `did not run: ${told.trim().split('\n').slice(0, 3).join(' | ')}` };
  if (errors > 0) {
    if (!expect) return { good: false, verdict: `VIOLATED: ${assertion ?? 'not an assertion'}` };
    return expect.test(assertion ?? '')
      ? { good: true, verdict: `found: ${assertion}` }
      : { good: false, verdict: `found ${assertion}, not what was expected (${expect})` };
  }
  if (cut) return { good: false, verdict: 'NOT SEARCHED TO THE END' };
  return expect
    ? { good: false, verdict: 'NOT FOUND: the model cannot fail here' }
    : { good: true, verdict: 'holds in every state' };
}

function row(...cells) {
  return cells.map((cell, i) => (i === 2 || i === 3 ? cell.padStart(COLUMNS[i]) : cell.padEnd(COLUMNS[i] ?? 0))).join('  ');
}

async function report(configurations, atATime) {
  const waiting = [...configurations];
  let good = true;
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const result = await search(next);
      const { good: fine, verdict } = judge(result);
      good &&= fine;
      console.log(row(next.name, next.what, String(result.states), result.seconds.toFixed(1), `${fine ? '' : '✗ '}${verdict}`));
    }
  };
  await Promise.all(Array.from({ length: atATime }, lane));
  return good;
}

async function trail(configuration) {
  const dir = await mkdtemp(join(tmpdir(), 'stile-model-'));
  try {
    await build(configuration, dir);
    // The shortest counterexample is the one worth reading.
    await output('cc', ['-O2', '-w', '-DSAFETY', '-DCOLLAPSE', '-DREACH', `-DMEMLIM=${MEMORY_MB}`, '-o', 'pan', 'pan.c'], dir);
    await output('./pan', ['-m300', '-i', '-w22'], dir);
    const told = await output('spin', ['-t', '-p', '-g', '-l', ...flags(configuration), 'protocol.pml'], dir);
    console.log(told);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function option(name) {
  const at = process.argv.indexOf(`--${name}`);
  if (at < 0) return undefined;
  const wanted = process.argv[at + 1];
  const found = [...WHOLE, ...MUTANTS].filter((one) => one.name === wanted);
  if (found.length === 0) {
    throw new Error(
      `--${name} "${wanted ?? ''}" is not a configuration: ${[...WHOLE, ...MUTANTS].map((one) => one.name).join(', ')}`,
    );
  }
  return found;
}

try {
  const traced = option('trail');
  if (traced) {
    await trail(traced[0]);
  } else {
    const only = option('only');
    const started = performance.now();
    console.log(row('configuration', 'guards in place, or the one taken away', 'states', 'seconds', 'verdict'));
    let good = true;
    good = (await report(only?.filter((one) => !one.expect) ?? WHOLE, 2)) && good;
    good = (await report(only?.filter((one) => one.expect) ?? MUTANTS, 2)) && good;
    console.log(
      `${good ? 'All is as it should be' : 'Something is NOT as it should be'}, ${((performance.now() - started) / 1000).toFixed(0)} s.`,
    );
    process.exitCode = good ? 0 : 1;
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
