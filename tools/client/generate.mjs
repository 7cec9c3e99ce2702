// Makes libs/client/src/generated/schema.ts from the OpenAPI document of the API as it was built. With `--check` it writes nothing and
// ends with 1 when the file is not what it would write.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import openapiTypes, { astToString } from 'openapi-typescript';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const FILE = join(ROOT, 'libs', 'client', 'src', 'generated', 'schema.ts');
/** Any object is one of unknown fields; what has a default may be left out of a request. */
const OPTIONS = { emptyObjectsUnknown: true, defaultNonNullable: false, alphabetize: true };
const HEAD = `// Made by "npm run client:generate" from the API's OpenAPI document. Do not edit.\n\n`;

const require = createRequire(import.meta.url);
require('reflect-metadata');
const { describeApi } = require(join(ROOT, 'apps', 'api', 'dist', 'openapi.js'));
const document = await describeApi();
const types = await openapiTypes(JSON.parse(JSON.stringify(document)), OPTIONS);
const text = HEAD + astToString(types);

const present = existsSync(FILE) ? readFileSync(FILE, 'utf8') : undefined;
if (process.argv.includes('--check')) {
  if (present !== text) {
    console.error('libs/client/src/generated/schema.ts is not what the API is described as: npm run client:generate');
    process.exit(1);
  }
} else if (present !== text) {
  writeFileSync(FILE, text);
}
