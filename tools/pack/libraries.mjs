import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, SetupError } from '../setup/run.mjs';
import { packagesUsedIn } from './imports.mjs';

/** In the order of their dependencies. */
const LIBRARIES = ['lease', 'machine', 'formats', 'client'];

/**
 * Packs each library and looks into what came of it.
 *
 * @returns path of the tarball by the package's name
 * @throws SetupError when a library is not built, or uses a package that it does not declare
 */
export async function packLibraries(root, to) {
  const manifests = LIBRARIES.map((library) => readManifest(join(root, 'libs', library)));
  for (const library of LIBRARIES) {
    if (!existsSync(join(root, 'libs', library, 'dist', 'index.js'))) {
      throw new SetupError(`libs/${library} is not built: run "npm run build" first`);
    }
  }
  const workspaces = LIBRARIES.flatMap((library) => ['-w', `libs/${library}`]);
  await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', to, ...workspaces], {
    cwd: root,
    capture: true,
  });
  const packed = new Map(manifests.map((manifest) => [manifest.name, join(to, tarballOf(manifest))]));
  for (const manifest of manifests) await checkLibrary(manifest, packed);
  return packed;
}

export function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** As npm names it. */
export function tarballOf({ name, version }) {
  return `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
}

/** Unpacks a tarball into `folder`, which is made. */
export async function unpack(tarball, folder) {
  mkdirSync(folder, { recursive: true });
  await run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1'], {});
}

/** What a library uses it must declare, and all of Stile that it depends on must be packed in the very same version. */
async function checkLibrary(manifest, packed) {
  const folder = mkdtempSync(join(tmpdir(), 'stile-pack-'));
  try {
    await unpack(packed.get(manifest.name), folder);
    const declared = { ...manifest.dependencies, ...manifest.peerDependencies };
    for (const [name, file] of packagesUsedIn(folder)) {
      if (name === manifest.name || name in declared) continue;
      throw new SetupError(`${manifest.name}: ${file} uses "${name}", which its package.json does not declare`);
    }
    for (const [name, version] of Object.entries(declared)) {
      if (!name.startsWith('@stile/')) continue;
      if (!packed.has(name)) throw new SetupError(`${manifest.name} depends on ${name}, which is not published`);
      if (version !== manifest.version)
        throw new SetupError(`${manifest.name} wants ${name}@${version}; give ${manifest.version}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
