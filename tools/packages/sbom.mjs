// The bill of materials of what runs in production, CycloneDX, by npm itself and from the lock file alone.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../setup/run.mjs';

/** @returns the document as text */
export function billOfMaterials(root) {
  return run('npm', ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--package-lock-only'], { cwd: root, capture: true });
}

/** @returns path of the file */
export async function writeBill(root, to) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const file = join(to, `stile-${version}.cdx.json`);
  writeFileSync(file, await billOfMaterials(root));
  return file;
}

/** @returns one line for each thing that a reader of it would miss */
export function faultsOfBill(text, packages) {
  const bill = JSON.parse(text);
  if (bill.bomFormat !== 'CycloneDX') return ['the bill of materials is none of CycloneDX'];
  const listed = new Set(bill.components.map(({ purl }) => decodeURIComponent(purl ?? '')));
  return packages
    .filter(({ name, version }) => !listed.has(`pkg:npm/${name}@${version}`))
    .map(({ name, version }) => `the bill of materials lacks ${name}@${version}`);
}
