import { parseDuration } from './duration';

/** A value that cannot be used; `message` says what would do, such as `give an integer from 1 to 10`. */
export class BadValue extends Error {}

/** Reads the text of a variable. @throws BadValue */
export type Parser<T> = (text: string) => T;

/** Any text; whether it fits is said where it is used. */
export const asGiven: Parser<string> = (text) => text;

export const integer =
  (min: number, max: number): Parser<number> =>
  (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) throw new BadValue(`give an integer from ${min} to ${max}`);
    return value;
  };

/** @param unit of the bounds as the message shows them */
export const duration =
  (min: number, max: number, shown: string): Parser<number> =>
  (text) => {
    const value = parseDuration(text);
    if (value === undefined || value < min || value > max) {
      throw new BadValue(`give a number and a unit (ms, s, m, h, d), ${shown}, such as 7d, 12h, 30m, 45s, 500ms`);
    }
    return value;
  };

export const matching =
  (pattern: RegExp, wanted: string): Parser<string> =>
  (text) => {
    if (!pattern.test(text)) throw new BadValue(`give ${wanted}`);
    return text;
  };

export const oneOf =
  <T extends string>(...values: readonly T[]): Parser<T> =>
  (text) => {
    if (!values.includes(text as T)) throw new BadValue(`give one of ${values.join(', ')}`);
    return text as T;
  };

export const onOff: Parser<boolean> = (text) => oneOf('on', 'off')(text) === 'on';

/** Items separated by commas; spaces around them and empty ones are dropped. */
export const list =
  (item: Parser<string> = (text) => text): Parser<string[]> =>
  (text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map(item);

/** Numbers and ranges of them, such as `0-3,7`: in order, each once. */
export const ranges =
  (max: number): Parser<number[]> =>
  (text) => {
    const wanted = `give numbers and ranges from 0 to ${max}, separated by commas, such as 0-3,7`;
    const found = new Set<number>();
    for (const part of text.split(',').map((piece) => piece.trim())) {
      const [, first, last = first] = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(part) ?? [];
      if (first === undefined || Number(last) < Number(first) || Number(last) > max) throw new BadValue(wanted);
      for (let i = Number(first); i <= Number(last); i++) found.add(i);
    }
    return [...found].sort((a, b) => a - b);
  };
