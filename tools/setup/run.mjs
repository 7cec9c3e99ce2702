import { spawn } from 'node:child_process';

/** A failure to tell without a stack: its message says what to do. */
export class SetupError extends Error {}

/**
 * Runs a command with its output shown, or returned with `capture`.
 *
 * @throws SetupError when it cannot be started or ends with another status than 0
 */
export function run(command, args, { cwd, capture = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', capture ? 'pipe' : 'inherit', 'inherit'] });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    const name = [command.split('/').pop(), ...args].join(' ').slice(0, 120);
    child.once('error', (error) => reject(new SetupError(`${name}: ${error.message}`)));
    child.once('close', (status, signal) => {
      if (status === 0) resolve(output);
      else reject(new SetupError(`${name} failed (${signal ?? `status ${status}`})${capture ? `:\n${output}` : ', see above'}`));
    });
  });
}

/** Whether a command ends with status 0; shows nothing. */
export function succeeds(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'ignore' });
    child.once('error', () => resolve(false));
    child.once('close', (status) => resolve(status === 0));
  });
}
