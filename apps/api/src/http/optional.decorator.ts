import { ValidateIf } from 'class-validator';

/** May be left out. Unlike class-validator's `IsOptional`, `null` is not the same as being left out. */
export function Optional(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}
