import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import { ApiProblem, type FieldProblem } from '../problems/api-problem';

type DtoClass<T> = new () => T;

/**
 * A checked instance of a DTO class, or every problem there is.
 *
 * Values are taken as they are. class-transformer is not used: it drops keys named `constructor` from a context, and copies all of
 * it for nothing. Unknown fields are refused here too, since class-validator's whitelist lets names like `toString` pass.
 *
 * @throws ApiProblem VALIDATION_FAILED
 */
export function toDto<T extends object>(type: DtoClass<T>, body: unknown): T {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw ApiProblem.invalid([{ field: '', problem: `the body must be a JSON object with: ${[...fieldsOf(type)].join(', ')}` }]);
  }
  const known = fieldsOf(type);
  const dto = new type();
  const problems: FieldProblem[] = [];
  for (const [field, value] of Object.entries(body)) {
    if (known.has(field)) (dto as Record<string, unknown>)[field] = value;
    else problems.push({ field, problem: `is not known here; known are: ${[...known].join(', ')}` });
  }
  problems.push(...flatten(validateSync(dto, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true })));
  if (problems.length > 0) throw ApiProblem.invalid(problems);
  return dto;
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

function flatten(errors: readonly ValidationError[]): FieldProblem[] {
  return errors.flatMap(({ property, constraints = {} }) =>
    // Messages begin with the field's name, which is said already.
    Object.values(constraints).map((message) => ({
      field: property,
      problem: message.replace(`${property} `, ''),
    })),
  );
}
