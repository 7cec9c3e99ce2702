import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { run, SetupError } from '../setup/run.mjs';
import { packagesUsedIn } from './imports.mjs';
import { readManifest, tarballOf, unpack } from './libraries.mjs';

/** Places are those of the repository: the parts find one another by their paths. */
const APPS = ['api', 'worker', 'cli', 'dashboard'];
/** Libraries that nobody else is to use. */
const INNER = ['config', 'local-redis'];
const NOT_SHIPPED = /(\.spec\.[cm]?js|\.map|\.d\.ts|\.tsbuildinfo|\.built-from)$/;
const EXAMPLE = /\.(js|cjs|mjs|ya?ml|sh|md)$/;

/**
 * Packs `stile`: one tarball that runs by itself, `npx --package=<tarball> stile`. All of Stile is in it, libraries too; other people's
 * packages are its dependencies, in the versions that Stile was built and tested with.
 *
 * @param libraries tarballs by name, as `packLibraries` returns them
 * @returns path of the tarball
 */
export async function packCommand(root, to, libraries) {
  const stage = mkdtempSync(join(tmpdir(), 'stile-pack-'));
  try {
    for (const app of APPS) copyBuilt(join(root, 'apps', app), join(stage, 'apps', app));
    copyExamples(join(root, 'examples'), join(stage, 'examples'));
    for (const [name, tarball] of libraries) await unpack(tarball, join(stage, 'node_modules', name));
    for (const library of INNER) copyBuilt(join(root, 'libs', library), join(stage, 'node_modules', '@stile', library));
    cpSync(join(root, 'tools', 'pack', 'stile'), stage, { recursive: true });
    cpSync(join(root, 'LICENSE'), join(stage, 'LICENSE'));
    const manifest = manifestOf(root, stage, [...libraries.keys(), ...INNER.map((library) => `@stile/${library}`)]);
    writeFileSync(join(stage, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', to], { cwd: stage, capture: true });
    return join(to, tarballOf(manifest));
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

function copyBuilt(from, to) {
  const dist = join(from, 'dist');
  if (!existsSync(dist)) throw new SetupError(`${from} is not built: run "npm run build" first`);
  mkdirSync(to, { recursive: true });
  cpSync(dist, join(to, 'dist'), { recursive: true, filter: (path) => !NOT_SHIPPED.test(path) });
  cpSync(join(from, 'package.json'), join(to, 'package.json'));
}

/** What `stile up` serves where nothing else is named: compiled, without sources. */
function copyExamples(from, to) {
  const isFolder = (path) => !/\.[^/]+$/.test(basename(path));
  const wanted = (path) => isFolder(path) || (EXAMPLE.test(path) && !NOT_SHIPPED.test(path));
  cpSync(from, to, { recursive: true, filter: (path) => path === from || wanted(path) });
}

function manifestOf(root, stage, bundled) {
  const { version, description, license, engines, dependencies } = readManifest(root);
  const inner = bundled.map((name) => [name, version]);
  return {
    name: 'stile',
    version,
    description,
    keywords: ['nestjs', 'state-machine', 'workflow', 'durable-execution', 'bullmq', 'redis'],
    license,
    engines,
    type: 'commonjs',
    bin: { stile: 'bin/stile.js' },
    files: ['bin', 'apps', 'examples'],
    exports: { './package.json': './package.json' },
    dependencies: Object.fromEntries([...inner, ...outerDependencies(stage, bundled, dependencies)]),
    bundleDependencies: bundled,
  };
}

/**
 * All that the apps run on, in the versions that the repository pins, and what the libraries declare beside that. Types are of no use here.
 *
 * @throws SetupError when the code uses something else
 */
function outerDependencies(stage, bundled, pinned) {
  const folders = bundled.map((name) => join(stage, 'node_modules', name));
  const declared = folders.map(readManifest).map((library) => ({ ...library.dependencies, ...library.peerDependencies }));
  const outer = Object.assign({}, ...declared, pinned);
  for (const [name, file] of [stage, ...folders].flatMap((folder) => [...packagesUsedIn(folder)])) {
    if (name in outer || bundled.includes(name)) continue;
    throw new SetupError(`stile: ${file} uses "${name}", which is no dependency in the package.json of the repository`);
  }
  return Object.entries(outer)
    .filter(([name]) => !bundled.includes(name) && !name.startsWith('@types/'))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
