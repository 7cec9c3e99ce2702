// The bill of materials of what runs in production, CycloneDX, by npm itself and from the lock file alone.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../setup/run.mjs';
import { productionPackages } from './licences.mjs';

const OURS = 'pkg:npm/@stile/';
const purlOf = ({ name, version }) => `pkg:npm/${name}@${version}`;

/**
 * npm's own `--omit dev` leaves out, with a lock file alone, what is a peer of something as well, Nest among it. So all is asked for, and
 * what is for development is taken out here.
 *
 * @returns the document
 */
export async function billOfMaterials(root) {
  const text = await run('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], { cwd: root, capture: true });
  const bill = JSON.parse(text);
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const wanted = new Set(productionPackages(lock).map(purlOf));
  const kept = bill.components.filter((component) => wanted.has(nameOfComponent(component)) || nameOfComponent(component).startsWith(OURS));
  const refs = new Set([bill.metadata.component['bom-ref'], ...kept.map((component) => component['bom-ref'])]);
  const dependencies = bill.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) }));
  return { ...bill, components: kept, dependencies };
}

/** @returns path of the file */
export async function writeBill(root, to) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const file = join(to, `stile-${version}.cdx.json`);
  writeFileSync(file, `${JSON.stringify(await billOfMaterials(root), null, 2)}\n`);
  return file;
}

/** @returns one line for each thing that a reader of it would miss */
export function faultsOfBill(bill, packages) {
  if (bill.bomFormat !== 'CycloneDX') return ['the bill of materials is none of CycloneDX'];
  const listed = new Set(bill.components.map(nameOfComponent));
  return packages.filter((each) => !listed.has(purlOf(each))).map((each) => `the bill of materials lacks ${each.name}@${each.version}`);
}

function nameOfComponent({ purl }) {
  return decodeURIComponent(purl ?? '');
}
