import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const DIST = join(__dirname, '..', '..', '..', 'libs', 'machine', 'dist');

export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs a script in a process of its own, which may kill itself where it likes: `argument` is what it is given, `dist` requires a file of
 * the compiled @stile/machine, and `die()` is SIGKILL.
 */
export async function runScript(body: string, argument: unknown): Promise<ChildEnd> {
  const head = `
    const argument = JSON.parse(process.argv[1]);
    const dist = (name) => require(${JSON.stringify(`${DIST}/`)} + name);
    const die = () => { process.kill(process.pid, 'SIGKILL'); return new Promise(() => {}); };
  `;
  const main = `(async () => { ${body} })().catch((error) => { console.error(error); process.exit(1); });`;
  const child = spawn(process.execPath, ['-e', head + main, JSON.stringify(argument)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, out, err };
}

/** Calls `rebuildDeployment` or `repartitionDeployment` in a process that is killed when it reaches the point for the nth time. */
export function administer(
  call: 'rebuildDeployment' | 'repartitionDeployment',
  options: object,
  death?: { readonly at: string; readonly nth: number },
): Promise<ChildEnd> {
  return runScript(
    `
      const log = { debug() {}, log() {}, warn() {}, error() {} };
      let left = argument.death ? argument.death.nth : 0;
      const reach = (point) => (argument.death && point === argument.death.at && --left === 0 ? die() : undefined);
      const report = await dist('index.js')[argument.call]({ ...argument.options, log, reach });
      console.log(JSON.stringify(report));
    `,
    { call, options, death },
  );
}
