import { getMetadataStorage, validateSync } from 'class-validator';
import { ApiProblem, type FieldProblem } from '../problems/api-problem';
import { kindFault } from './fault';
import { problemOfField } from './field-check';

type DtoClass<T> = new () => T;

/**
 * A checked instance of a DTO class, or every problem there is, one for each field. The fields are checked by decorators made of
 * `Checked`. `place` is where the value is when it is not the body itself, such as `items[3]`.
 *
 * Values are taken as they are. class-transformer is not used: it drops keys named `constructor` from a context, and copies all of
 * it for nothing. Unknown fields are refused here too, since class-validator's whitelist lets names like `toString` pass.
 *
 * @throws ApiProblem VALIDATION_FAILED
 */
export function toDto<T extends object>(type: DtoClass<T>, value: unknown, place?: string): T {
  const known = fieldsOf(type);
  const names = [...known].join(', ');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw ApiProblem.invalid([{ field: place ?? '', problem: kindFault(value, `a JSON object with: ${names}`) }]);
  }
  const dto = new type();
  const problems: FieldProblem[] = [];
  const unknown = `is not known here; known are: ${names}`;
  for (const [field, item] of Object.entries(value)) {
    if (known.has(field)) (dto as Record<string, unknown>)[field] = item;
    else problems.push({ field, problem: unknown });
  }
  for (const error of validateSync(dto)) problems.push({ field: error.property, problem: problemOfField(error) });
  if (problems.length === 0) return dto;
  throw ApiProblem.invalid(place === undefined ? problems : problems.map((at) => ({ ...at, field: `${place}.${at.field}` })));
}

const knownFields = new WeakMap<DtoClass<unknown>, ReadonlySet<string>>();

function fieldsOf(type: DtoClass<unknown>): ReadonlySet<string> {
  let fields = knownFields.get(type);
  if (!fields) {
    const metadata = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
    fields = new Set(metadata.map(({ propertyName }) => propertyName));
    knownFields.set(type, fields);
  }
  return fields;
}
