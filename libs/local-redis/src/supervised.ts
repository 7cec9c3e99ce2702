import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

/**
 * Runs `$@` with its output in the file `$0`, tells its pid, and ends it when stdin ends: when the parent is gone, however it went.
 * A stopped process (SIGSTOP) gets SIGCONT too, as it would not see SIGTERM, and SIGKILL when it takes too long. When it has ended
 * first, whatever is left of the group ends with it.
 */
const WRAPPER = `
exec 3<&0
"$@" </dev/null 3<&- >"$0" 2>&1 &
pid=$!
{ read -r _ <&3; kill -TERM $pid; kill -CONT $pid; sleep 10; kill -KILL $pid; } >/dev/null 2>&1 &
echo $pid
exec >/dev/null
wait $pid
code=$?
trap '' TERM
kill -TERM 0
exit $code
`;

export interface Supervised {
  /** Of the command itself, not of the shell around it. */
  readonly pid: number;
  /** Fulfilled when the command has ended. */
  readonly exited: Promise<void>;
  readonly hasExited: () => boolean;
  /** Ends the command as if this process had died. */
  readonly release: () => void;
}

/**
 * Starts `command` so that it ends with this process, even after SIGKILL, but does not keep it running. It has a session of its own:
 * Ctrl-C in the terminal does not reach it.
 *
 * @param log file that gets the output of the command; begun anew
 */
export async function startSupervised(command: string, args: readonly string[], log: string): Promise<Supervised> {
  const shell = spawn('/bin/sh', ['-c', WRAPPER, log, command, ...args], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  });
  let gone = false;
  const exited = new Promise<void>((resolve) => {
    shell.once('exit', () => {
      gone = true;
      resolve();
    });
  });
  shell.stdin.on('error', () => undefined); // closed by the other side, which `exited` tells
  const pid = await readPid(shell, shell.stdout);
  letGo(shell, shell.stdin, shell.stdout);
  return { pid, exited, hasExited: () => gone, release: () => shell.stdin.end() };
}

async function readPid(shell: ChildProcess, stdout: Readable): Promise<number> {
  const failed = once(shell, 'error').then(([error]) => Promise.reject(error as Error));
  const [chunk] = (await Promise.race([once(stdout, 'data'), once(stdout, 'end'), failed])) as [Buffer?];
  const pid = Number(chunk?.toString().trim());
  if (!(pid > 0)) throw new Error(`/bin/sh did not tell the pid of its child but ${JSON.stringify(chunk?.toString() ?? '')}`);
  return pid;
}

/** Neither the process nor its pipes keep this process running. */
function letGo(shell: ChildProcess, stdin: Writable, stdout: Readable): void {
  stdout.destroy();
  shell.unref();
  (stdin as Writable & { unref?: () => void }).unref?.();
}
