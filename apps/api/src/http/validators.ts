import { clip, fault, kindFault, shown } from './fault';
import { Checked, Fits } from './field-check';
import { findReservedKey } from './plain-data';

export const MAX_NAME = 128;
const MAX_TAGS = 32;
const MAX_TAG_LENGTH = 128;

/** The name of something, such as `the name of a published machine`: a string of 1 to 128 characters. */
export function IsName(wanted: string): PropertyDecorator {
  return Fits(wanted, (value) => typeof value === 'string' && value.length >= 1 && value.length <= MAX_NAME);
}

/** A string of `min` to `max` characters. */
export function IsText(min: number, max: number): PropertyDecorator {
  const length = min === 0 ? `up to ${max}` : `${min} to ${max}`;
  return Checked((value) => {
    const wanted = `a string of ${length} characters`;
    if (typeof value !== 'string') return fault(value, wanted);
    return value.length >= min && value.length <= max ? undefined : `has ${value.length} characters; give ${wanted}`;
  });
}

/** One of a few words. */
export function IsOneOf(words: readonly string[]): PropertyDecorator {
  return Fits(`one of ${words.join(', ')}`, (value) => typeof value === 'string' && words.includes(value));
}

/** A whole number as it stands in a query: digits. Both ends included. */
export function IsDigits(min: number, max: number): PropertyDecorator {
  return Fits(`a whole number from ${min} to ${max}`, (value) => {
    if (typeof value !== 'string' || !/^\d{1,16}$/.test(value)) return false;
    return Number(value) >= min && Number(value) <= max;
  });
}

/** A whole number, both ends included. `unit` as in `ms`. */
export function IsWhole(min: number, max = Infinity, unit?: string): PropertyDecorator {
  const of = unit === undefined ? '' : ` of ${unit}`;
  const to = max === Infinity ? '' : ` to ${max}`;
  return Fits(
    `a whole number${of} from ${min}${to}`,
    (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
  );
}

/** A list of 1 to `max` of whatever. */
export function IsItems(max: number): PropertyDecorator {
  return Checked((value) => {
    if (!Array.isArray(value)) return kindFault(value, `a list of 1 to ${max} items`);
    if (value.length === 0) return `has no items; give 1 to ${max}`;
    return value.length <= max
      ? undefined
      : `has ${value.length} items; give at most ${max}, split the rest into further requests`;
  });
}

/** A JSON object without keys named `__proto__`. Its size and depth are for the store to judge, its values are not shown. */
export function IsContext(): PropertyDecorator {
  return Checked((value) => {
    if (!isPlainObject(value)) return kindFault(value, 'a JSON object');
    const reserved = findReservedKey(value, 'context');
    return reserved === undefined ? undefined : `has a key named __proto__, which is not allowed: ${clip(reserved)}`;
  });
}

/** Any JSON without keys named `__proto__`. Its size and depth are judged elsewhere, its values are not shown. */
export function IsJson(): PropertyDecorator {
  return Checked((value) => {
    if (value === undefined) return 'is missing; give any JSON';
    const reserved = findReservedKey(value, '$');
    return reserved === undefined ? undefined : `has a key named __proto__, which is not allowed: ${clip(reserved)}`;
  });
}

/** Up to 32 strings by name, names and strings of up to 128 characters. */
export function IsTags(): PropertyDecorator {
  return Checked((value) => {
    if (!isPlainObject(value)) return `is ${shown(value)}; give a JSON object of strings`;
    const tags = Object.entries(value);
    if (tags.length > MAX_TAGS) return `has ${tags.length} tags; give at most ${MAX_TAGS}`;
    for (const [name, tag] of tags) {
      if (name === '' || name === '__proto__' || name.length > MAX_TAG_LENGTH) {
        return `has the name ${shown(name)}; give names of 1 to ${MAX_TAG_LENGTH} characters, and none that is __proto__`;
      }
      if (typeof tag !== 'string' || tag.length > MAX_TAG_LENGTH) {
        return `has ${shown(tag)} as ${shown(name)}; give a string of up to ${MAX_TAG_LENGTH} characters`;
      }
    }
    return undefined;
  });
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
