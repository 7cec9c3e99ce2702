import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DockerfileParser, type Instruction, type JSONInstruction, type ModifiableInstruction } from 'dockerfile-ast';
import { ROOT } from './programs';

const DOCKERFILE = readFileSync(join(ROOT, 'deploy', 'Dockerfile'), 'utf8');

/** One instruction of deploy/Dockerfile. */
export interface Line {
  readonly stage: string;
  readonly keyword: string;
  /** Such as `--from=build`. */
  readonly flags: readonly string[];
  /** What follows them, as one text. */
  readonly rest: string;
  /** Of the form `["…", "…"]`; none in any other form. */
  readonly words: readonly string[];
}

export function dockerfile(): readonly Line[] {
  let stage = '';
  return DockerfileParser.parse(DOCKERFILE)
    .getInstructions()
    .map((instruction) => {
      const keyword = instruction.getKeyword();
      const rest = instruction.getArgumentsContent() ?? '';
      if (keyword === 'FROM') stage = / AS (\w+)$/.exec(rest)?.[1] ?? '';
      const flags = (instruction as Partial<ModifiableInstruction>).getFlags?.().map(String) ?? [];
      return { stage, keyword, flags, rest, words: wordsOf(instruction) };
    });
}

function wordsOf(instruction: Instruction): readonly string[] {
  const words = (instruction as Partial<JSONInstruction>).getJSONStrings?.() ?? [];
  return words.map((word) => JSON.parse(word.getValue()) as string);
}

/** Lines of .dockerignore: what is let in, and what of that is not. */
function ignored(): { readonly kept: readonly string[]; readonly dropped: readonly string[] } {
  const lines = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
  const rules = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (rules[0] !== '*') throw new Error('.dockerignore must begin by leaving everything out');
  return {
    kept: rules.filter((rule) => rule.startsWith('!')).map((rule) => rule.slice(1)),
    dropped: rules.slice(1).filter((rule) => !rule.startsWith('!')),
  };
}

/** A pattern for a name in any folder: no other is used. */
function nameRule(rule: string): RegExp {
  const [, name] = /^\*\*\/([\w.*-]+)$/.exec(rule) ?? [];
  if (name === undefined) throw new Error(`.dockerignore: the test does not know patterns such as ${rule}`);
  return new RegExp(`^${name.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
}

/**
 * Lays out what a build of deploy/Dockerfile would, without its daemon: the build context as .dockerignore lets it in, then every RUN and
 * COPY in order. `npm ci` alone is not run again: node_modules are those that it made of the same lock file in this checkout, by hard links.
 * What the checkout has compiled comes along, so that the compiler finds little to do.
 *
 * @returns the folder that is `/app` in the image
 */
export function layOut(folder: string): string {
  const build = join(folder, 'build');
  const app = join(folder, 'app');
  for (const made of [build, app]) mkdirSync(made, { recursive: true });
  const { kept, dropped } = ignored();
  const left = dropped.filter((rule) => rule !== '**/dist').map(nameRule);
  for (const path of kept) {
    cpSync(join(ROOT, path), join(build, path), {
      recursive: true,
      preserveTimestamps: true,
      filter: (from) => !left.some((rule) => rule.test(basename(from))),
    });
  }
  for (const { stage, keyword, rest } of dockerfile()) {
    if (keyword === 'RUN') run(rest, build);
    if (keyword === 'COPY' && stage === 'run') copy(rest, folder, app);
  }
  execFileSync('chmod', ['-R', 'a-w', app]);
  for (const open of [folder, app]) chmodSync(open, 0o755);
  return app;
}

function run(command: string, build: string): void {
  if (command.startsWith('npm ci ')) {
    return link(join(ROOT, 'node_modules'), join(build, 'node_modules'));
  }
  const env = { ...process.env, npm_config_offline: 'true', npm_config_update_notifier: 'false' };
  execFileSync('/bin/sh', ['-ec', command], { cwd: build, env, stdio: 'pipe' });
}

function copy(rest: string, folder: string, app: string): void {
  const paths = rest.split(/\s+/);
  const to = join(app, paths.pop()!);
  for (const path of paths) {
    const from = path.startsWith('/build/') ? join(folder, path) : join(ROOT, path);
    const target = statSync(from).isDirectory() || basename(to) === basename(from) ? to : join(to, basename(path));
    mkdirSync(join(target, '..'), { recursive: true });
    link(from, target);
  }
}

/** Hard links where that can be: nothing is written into them. */
function link(from: string, to: string): void {
  if (spawnSync('cp', ['-al', from, to]).status !== 0) execFileSync('cp', ['-a', from, to]);
}

/** Everything in a folder with when it was changed, links not followed. */
export function snapshot(folder: string): string[] {
  return (readdirSync(folder, { recursive: true, encoding: 'utf8' }) as string[])
    .filter((path) => !path.startsWith('node_modules'))
    .map((path) => `${path} ${statSync(join(folder, path)).mtimeMs}`)
    .sort();
}
