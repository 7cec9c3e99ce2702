import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { LocalRegistry } from './registry';

const execute = promisify(execFile);

export interface Ran {
  readonly status: number;
  readonly stdout: string;
  /** What it said on both streams. */
  readonly output: string;
}

/** A folder of somebody else's, outside the repository. */
export class ScratchApp {
  constructor(
    readonly folder: string,
    private readonly registry: LocalRegistry,
  ) {
    mkdirSync(folder, { recursive: true });
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), text);
    }
  }

  /** Runs a command to its end; never rejects. */
  async run(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
    const options = {
      cwd: this.folder,
      env: { ...this.registry.env(join(this.folder, '..', 'npm-cache')), ...env },
      maxBuffer: 1 << 24,
    };
    try {
      const { stdout, stderr } = await execute(command, [...args], options);
      return { status: 0, stdout, output: stdout + stderr };
    } catch (error) {
      const { code, stdout, stderr, message } = error as Error & { code: unknown; stdout: string; stderr: string };
      return { status: typeof code === 'number' ? code : -1, stdout, output: `${stdout}${stderr}` || message };
    }
  }
}

/** Code blocks of a document that begin with their path, `// src/main.ts` or `# machines/a.yaml`. */
export function filesShownIn(markdown: string): Record<string, string> {
  const blocks = [...markdown.matchAll(/^```\w+\n((?:\/\/|#) (\S+\.\w+)\n[^]*?)^```/gm)];
  return Object.fromEntries(blocks.map(([, text, path]) => [path as string, text as string]));
}
