// What must hold of package-lock.json, so that an install runs what was looked at, and nothing of it runs by itself.

/** Who may run a script at install, and why that is so. Anybody else is told of. */
const MAY_RUN_SCRIPTS = {
  '@parcel/watcher': 'for development: builds itself where there is no binary for the platform',
  '@scarf/scarf': 'counts installs of swagger-ui-dist; switched off by "scarfSettings" in package.json',
  '@swc/core': 'for development: looks whether its binary for the platform runs',
  'msgpackr-extract': "BullMQ's, optional: builds itself where there is no binary for the platform",
  'unrs-resolver': 'for development: looks whether its binary for the platform is there',
};
const REGISTRY = /^https:\/\/registry\.npmjs\.org\//;
const EXACT = /^(npm:(@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/;
const INSIDE = /^(apps|libs)\/[a-z-]+$/;

/** The name of what lies in a folder of node_modules. */
export const nameOf = (path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** @returns one line for each fault */
export function faultsOfLock(lock, manifest) {
  const faults = [];
  if (lock.lockfileVersion !== 3) faults.push(`lockfileVersion is ${lock.lockfileVersion}, not 3`);
  for (const [path, entry] of Object.entries(lock.packages ?? {})) {
    if (!path.includes('node_modules/')) continue;
    faults.push(...faultsOfEntry(path, entry));
  }
  return [...faults, ...faultsOfManifest(lock, manifest)];
}

function faultsOfEntry(path, entry) {
  const { link, resolved, integrity, hasInstallScript } = entry;
  if (link) return INSIDE.test(resolved) ? [] : [`${path} links to ${resolved}, which is none of our folders`];
  const faults = [];
  if (!/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? '')) faults.push(`${path} has no sha512 of what is installed`);
  if (resolved !== undefined && !REGISTRY.test(resolved)) faults.push(`${path} comes from ${resolved}, not from the npm registry`);
  if (hasInstallScript && !(nameOf(path) in MAY_RUN_SCRIPTS)) {
    faults.push(`${path} runs a script at its install; look at what it does, then add it to tools/packages/lock.mjs with the reason`);
  }
  return faults;
}

/** What `npm ci` would refuse, and versions that are not pinned. */
function faultsOfManifest(lock, manifest) {
  const faults = [];
  const root = lock.packages?.[''] ?? {};
  for (const field of ['dependencies', 'devDependencies']) {
    const wanted = manifest[field] ?? {};
    if (canonical(wanted) !== canonical(root[field] ?? {})) {
      faults.push(`${field} of package.json are not those of package-lock.json: npm install --package-lock-only`);
    }
    for (const [name, version] of Object.entries(wanted)) {
      if (!EXACT.test(version)) faults.push(`${field}: ${name} is "${version}", no exact version`);
      const held = lock.packages?.[`node_modules/${name}`]?.version;
      if (EXACT.test(version) && held !== version.replace(/^npm:.*@/, '')) faults.push(`${name} is ${held} in the lock file, ${version} in package.json`);
    }
  }
  return faults;
}

const canonical = (object) => JSON.stringify(Object.entries(object).sort());
