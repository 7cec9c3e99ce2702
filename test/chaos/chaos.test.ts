import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SUITE } from './src/faults';

/** As `npm run chaos -- --quick --fault <name>` runs it. What went wrong is kept in the folder that the report names. */
async function chaos(name: string): Promise<{ code: number; output: string }> {
  const out = mkdtempSync(join(tmpdir(), `stile-chaos-${name}-`));
  const args = [join(__dirname, 'dist', 'main.js'), '--quick', '--fault', name, '--seed', '1', '--out', out];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = (await once(child, 'close')) as [number];
  if (code === 0) rmSync(out, { recursive: true });
  return { code, output };
}

it.each(SUITE.map(({ name, title }) => [name, title]))(
  '%s: %s',
  async (name) => {
    const { code, output } = await chaos(name);
    if (code !== 0) throw new Error(output);
  },
  120_000,
);
