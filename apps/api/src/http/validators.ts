import { registerDecorator } from 'class-validator';
import { findReservedKey } from './plain-data';

const MAX_TAGS = 32;
const MAX_TAG_LENGTH = 128;

/** A JSON object without keys named `__proto__`. Its size and depth are for the store to judge. */
export function IsContext(): PropertyDecorator {
  return checkedBy('isContext', (value) => {
    if (!isPlainObject(value)) return 'must be a JSON object';
    const reserved = findReservedKey(value, 'context');
    return reserved === undefined ? undefined : `has a key that is not allowed: ${clip(reserved)}`;
  });
}

/** Up to 32 strings by name, names and strings of up to 128 characters. */
export function IsTags(): PropertyDecorator {
  return checkedBy('isTags', (value) => {
    if (!isPlainObject(value)) return 'must be a JSON object of strings';
    const entries = Object.entries(value);
    if (entries.length > MAX_TAGS) return `has ${entries.length} entries; at most ${MAX_TAGS} are allowed`;
    for (const [key, item] of entries) {
      if (key === '' || key === '__proto__') return `has a key that is not allowed: "${key}"`;
      if (key.length > MAX_TAG_LENGTH) return `has a key of ${key.length} characters; at most ${MAX_TAG_LENGTH} are allowed`;
      if (typeof item !== 'string') return `has a value that is not a string: ${key}`;
      if (item.length > MAX_TAG_LENGTH) {
        return `has a value of ${item.length} characters: ${key}; at most ${MAX_TAG_LENGTH} are allowed`;
      }
    }
    return undefined;
  });
}

/** A decorator whose check says what is wrong, or nothing. */
function checkedBy(name: string, problemOf: (value: unknown) => string | undefined): PropertyDecorator {
  return (target, propertyName) => {
    registerDecorator({
      name,
      target: target.constructor,
      propertyName: String(propertyName),
      validator: {
        validate: (value) => problemOf(value) === undefined,
        defaultMessage: (args) => `${String(propertyName)} ${problemOf(args?.value) ?? ''}`,
      },
    });
  };
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function clip(path: string): string {
  return path.length > 200 ? `${path.slice(0, 200)}…` : path;
}
