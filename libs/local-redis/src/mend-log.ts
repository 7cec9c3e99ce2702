import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** More than a script writes: what is longer was not torn by a crash, and is for people to look at. */
const MOST_BYTES = 16 * 2 ** 20;
const ANALYZED = /AOF analyzed: (?:filename=(\S+), )?size=(\d+), ok_up_to=(\d+),.* diff=(\d+)/g;

/**
 * Cuts a transaction off the append-only file whose end was not written when its server was killed, before that is started again.
 *
 * Redis itself cuts off the torn command alone and leaves MULTI with the commands before it. The first start does not run them; the second one
 * does, together with what was written behind them: half of a script that nobody was told of, once more when it was sent again. Redis 7.0 to 7.2
 * do so, and Valkey until valkey-io/valkey#4342; `redis-check-aof` cuts before MULTI. What it takes away is kept beside the file, as
 * `<file>.cut`. Whatever else is wrong with the file, the server itself tells when it starts.
 *
 * @param server its program, which is the checking one, too, by the name it is called by
 */
export async function mendLog(server: string, dir: string): Promise<void> {
  const file = [join(dir, 'appendonlydir', 'appendonly.aof.manifest'), join(dir, 'appendonly.aof')].find((each) =>
    existsSync(each),
  );
  if (file === undefined) return;
  const [, name = basename(file), , upTo = '', rest = '0'] = [...(await check(server, [file])).matchAll(ANALYZED)].at(-1) ?? [];
  const bytes = Number(rest);
  if (bytes === 0 || bytes > MOST_BYTES) return;
  const torn = join(dirname(file), name);
  await writeFile(`${torn}.cut`, await readPart(torn, Number(upTo), bytes));
  await check(server, ['--fix', file]);
}

/** @returns what it says; nothing where it cannot be run */
function check(server: string, args: readonly string[]): Promise<string> {
  const argv0 = basename(server).startsWith('valkey') ? 'valkey-check-aof' : 'redis-check-aof';
  return new Promise((resolve) => {
    const child = spawn(server, args, { argv0, stdio: ['pipe', 'pipe', 'ignore'] });
    let told = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (told += text));
    child.on('error', () => resolve(''));
    child.on('close', () => resolve(told));
    child.stdin.on('error', () => undefined); // it has ended without asking
    child.stdin.end('y\n'); // whether to cut
  });
}

async function readPart(file: string, from: number, bytes: number): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
