// Packs what can be published, as `npm publish` would: the libraries one by one, and `stile`, the command with all that it runs; and a bill
// of materials.
// `npm run pack [folder]`; without a folder it is .stile/packages. Wants the build to be up to date; `npm run pack` sees to that.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packCommand } from './pack/command.mjs';
import { packLibraries } from './pack/libraries.mjs';
import { writeBill } from './packages/sbom.mjs';
import { SetupError } from './setup/run.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const to = resolve(process.argv[2] ?? join(ROOT, '.stile', 'packages'));

try {
  mkdirSync(to, { recursive: true });
  const libraries = await packLibraries(ROOT, to);
  for (const file of [...libraries.values(), await packCommand(ROOT, to, libraries)]) console.log(file);
  console.error(`and what they run on: ${await writeBill(ROOT, to)}`);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`pack: ${error.message}`);
  process.exit(1);
}
