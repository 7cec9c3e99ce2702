// Looks at all packages that are not ours: `npm run packages:check`. With `--write` the list of licences is made anew, with `--lock <file>`
// only that lock file is looked at. Ends with 1 and a line for each fault.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../setup/run.mjs';
import { faultsOfLicences, listOf, productionPackages } from './licences.mjs';
import { faultsOfLock } from './lock.mjs';
import { billOfMaterials, faultsOfBill } from './sbom.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LIST = join(ROOT, 'THIRD_PARTY.md');
const at = process.argv.indexOf('--lock');
const given = at < 0 ? undefined : process.argv[at + 1];

const lock = JSON.parse(readFileSync(given ?? join(ROOT, 'package-lock.json'), 'utf8'));
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const packages = productionPackages(lock);
const faults = [...faultsOfLock(lock, manifest), ...faultsOfLicences(packages)];
if (given === undefined) faults.push(...(await faultsOfInstall()));

for (const fault of faults) console.error(`packages: ${fault}`);
if (faults.length > 0) process.exit(1);
console.log(`packages: ${packages.length} in production, all licences known and free, the lock file is sound`);

async function faultsOfInstall() {
  const list = listOf(packages);
  if (process.argv.includes('--write')) writeFileSync(LIST, list);
  const current = existsSync(LIST) && readFileSync(LIST, 'utf8') === list;
  const found = current ? [] : ['THIRD_PARTY.md is not what package-lock.json says: npm run packages:list'];
  return [...found, ...(await faultsOfTree()), ...faultsOfBill(await billOfMaterials(ROOT), packages)];
}

/** Missing, unwanted or unfit packages in node_modules. */
async function faultsOfTree() {
  try {
    await run('npm', ['ls', '--all', '--silent'], { cwd: ROOT, capture: true });
    return [];
  } catch {
    const told = await run('/bin/sh', ['-c', 'npm ls --all --json 2>/dev/null; true'], { cwd: ROOT, capture: true });
    const { problems = ['npm ls fails'] } = JSON.parse(told);
    return problems.map((problem) => `npm ls: ${problem}`);
  }
}
