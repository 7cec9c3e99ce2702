import type { Definition, Machines } from '@stile/machine';
import type { Scope } from '../access/scope';
import { ApiProblem } from '../problems/api-problem';

/**
 * A published definition, and all versions of its name, ascending.
 *
 * @param version as a query has it. @default the highest one
 * @param scope one that the caller may not use is none
 * @throws ApiProblem DEFINITION_NOT_FOUND
 */
export async function findDefinition(
  machines: Machines,
  name: string,
  version: string | undefined,
  scope: Scope,
): Promise<{ definition: Definition; versions: number[] }> {
  const all = (await machines.definitions()).filter((definition) => definition.name === name && scope.hasDefinition(name));
  const versions = all.map((definition) => definition.version).sort((a, b) => a - b);
  const wanted = version === undefined ? versions.at(-1) : Number(version);
  const definition = all.find((each) => each.version === wanted);
  if (definition) return { definition, versions };
  throw new ApiProblem(
    'DEFINITION_NOT_FOUND',
    versions.length > 0
      ? `"${name}" has no version ${version}; it has: ${versions.join(', ')}`
      : `no worker has published a machine named "${name}"; GET /v1/definitions lists those there are`,
  );
}
