import { readdirSync, realpathSync, statSync, type Stats } from 'node:fs';
import { dirname, extname, join, relative, resolve } from 'node:path';
import type { ModuleMetadata, Provider } from '@nestjs/common';
import type { Problem } from '../core/errors';
import type { MachineSource } from '../core/machine-source';
import { loadYamlFiles, type YamlFileName } from '../loader/yaml-loader';
import { sortExports } from './module-exports';

const YAML = new Set(['.yaml', '.yml']);
const CODE = new Set(['.js', '.cjs', '.mjs']);
const SKIPPED = /^(\.|node_modules$)|\.(spec|test)\.[cm]?js$/;

/** What files and folders hold, ready for a Nest module: `machines` for `MachineModule.forRoot`, the rest for the module around it. */
export interface LoadedMachines {
  readonly machines: readonly MachineSource[];
  /** Exported classes with `@StateMachine`, `@Action` or `@Injectable`. */
  readonly providers: readonly Provider[];
  /** Exported classes with `@Module`. */
  readonly imports: NonNullable<ModuleMetadata['imports']>;
  /** Everything that is wrong, of all files. */
  readonly problems: readonly Problem[];
}

/**
 * Loads what `STILE_MACHINES` names: `.yaml` and `.yml` are definitions; `.js`, `.cjs` and `.mjs` are compiled modules, which are
 * run: name only files that you would run yourself. Folders are searched through, without `node_modules`, dot files and tests.
 *
 * @param paths files or folders, relative to `root`
 */
export function loadMachines(paths: readonly string[], root = process.cwd()): LoadedMachines {
  const files = new Map<string, Required<YamlFileName>>(); // by real path: a file named twice is loaded once
  const problems: Problem[] = [];
  for (const path of paths) {
    const named = resolve(root, path);
    for (const file of filesAt(named, path, problems)) {
      const real = realpathSync(file);
      if (!files.has(real))
        files.set(real, { path: file, shown: relative(root, file), root: file === named ? dirname(file) : named });
    }
  }
  const providers: Provider[] = [];
  const imports: NonNullable<ModuleMetadata['imports']> = [];
  const machines: MachineSource[] = [];
  for (const { path, shown } of files.values()) {
    if (!CODE.has(extname(path))) continue;
    try {
      const found = sortExports(require(path));
      providers.push(...found.providers);
      imports.push(...found.modules);
      machines.push(...found.machines);
    } catch (error) {
      problems.push({ severity: 'error', rule: 'module-failed', message: `cannot be loaded: ${reasonOf(error)}`, where: shown });
    }
  }
  const yaml = loadYamlFiles([...files.values()].filter(({ path }) => YAML.has(extname(path))));
  machines.push(...yaml.sources);
  problems.push(...yaml.problems);
  return { machines, providers: [...new Set(providers)], imports: [...new Set(imports)], problems };
}

function filesAt(path: string, shown: string, problems: Problem[]): string[] {
  const stats: Stats | undefined = statSync(path, { throwIfNoEntry: false });
  const report = (rule: string, message: string) => problems.push({ severity: 'error', rule, message, where: shown });
  if (!stats) {
    report('not-found', `STILE_MACHINES names "${shown}", which does not exist (looked for ${path})`);
    return [];
  }
  if (stats.isDirectory()) {
    return readdirSync(path, { withFileTypes: true })
      .filter(({ name }) => !SKIPPED.test(name))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => {
        const inside = join(path, entry.name);
        if (entry.isDirectory()) return filesAt(inside, join(shown, entry.name), problems);
        return isKnown(inside) ? [inside] : [];
      });
  }
  if (!isKnown(path)) {
    report('unknown-type', `"${shown}" is neither YAML (.yaml, .yml) nor a compiled module (.js, .cjs, .mjs)`);
    return [];
  }
  return [path];
}

function isKnown(path: string): boolean {
  return YAML.has(extname(path)) || CODE.has(extname(path));
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { code?: string };
  if (code === 'ERR_REQUIRE_ASYNC_MODULE') return 'it uses top-level await; move that into a provider';
  return error.message;
}
