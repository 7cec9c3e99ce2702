// The licences of what runs in production, from package-lock.json: the same on every platform.
import { nameOf } from './lock.mjs';

/** All of them let anybody use, change and sell, and ask for no more than that their text goes along. */
const FREE = ['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', 'Python-2.0', 'CC0-1.0', 'Unlicense'];
/** Theirs stands in a field that npm does not read; looked up in the package itself. */
const LOOKED_UP = { busboy: 'MIT', streamsearch: 'MIT' };

/** What is installed with `--omit=dev`, each name and version once, by name. */
export function productionPackages(lock) {
  const found = new Map();
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (!path.includes('node_modules/') || entry.link || entry.dev) continue;
    const name = nameOf(path);
    found.set(`${name}@${entry.version}`, { name, version: entry.version, licence: entry.license ?? LOOKED_UP[name] });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1));
}

/** @returns one line for each package whose licence is not known, or asks for more */
export function faultsOfLicences(packages) {
  return packages.flatMap(({ name, version, licence }) => {
    if (licence === undefined) return [`${name}@${version} tells no licence; look it up, and add it to tools/packages/licences.mjs`];
    return isFree(licence) ? [] : [`${name}@${version} is under ${licence}, which is none of ${FREE.join(', ')}`];
  });
}

/** `(MIT OR GPL-3.0)` is free, since we may choose; `MIT AND GPL-3.0` is not. */
function isFree(licence) {
  const text = licence.replace(/^\((.*)\)$/, '$1');
  if (text.includes(' OR ')) return text.split(' OR ').some(isFree);
  return text.split(' AND ').every((part) => FREE.includes(part));
}

const HEAD = `# Third-party packages

What Stile runs on, with the licence of each: all that \`npm ci --omit=dev\` installs, on any platform. Made by \`npm run packages:list\` from
\`package-lock.json\`; do not edit. Each package has its licence's text in its own folder. \`npm run pack\` writes the same as a bill of
materials (CycloneDX).

| package | version | licence |
| --- | --- | --- |
`;

export function listOf(packages) {
  const rows = packages.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence ?? 'unknown'} |\n`);
  const counts = new Map();
  for (const { licence } of packages) counts.set(licence, (counts.get(licence) ?? 0) + 1);
  const sums = [...counts].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)).map(([licence, count]) => `${count} × ${licence}`);
  return `${HEAD}${rows.join('')}\n${packages.length} packages: ${sums.join(', ')}.\n`;
}
