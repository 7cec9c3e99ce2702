import { parseDuration } from './duration';

/** A value that cannot be used; `message` says what would do, such as `give an integer from 1 to 10`. */
export class BadValue extends Error {}

/** Reads the text of a variable. @throws BadValue */
export type Parser<T> = (text: string) => T;

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

const REDIS = 'redis://[user:password@]host[:port][/database], or rediss:// for TLS';
const POSTGRES = 'postgres://user:password@host[:port]/database[?sslmode=verify-full]';

export const redisUrl: Parser<string> = (text) => {
  if (!isRedisUrl(text)) throw new BadValue(`give ${REDIS}`);
  return text;
};

/** Of Redis or PostgreSQL. */
export const leaseUrl: Parser<string> = (text) => {
  if (!isRedisUrl(text) && !isPostgresUrl(text)) throw new BadValue(`give ${REDIS}; or ${POSTGRES}`);
  return text;
};

const FOLDER = 'file:///folder, the path of a folder from the root';

export const folderUrl: Parser<string> = (text) => {
  if (!isFolderUrl(text)) throw new BadValue(`give ${FOLDER}`);
  return text;
};

/** Of PostgreSQL or a folder, or `none`. */
export const archiveUrl: Parser<string> = (text) => {
  if (text !== 'none' && !isFolderUrl(text) && !isPostgresUrl(text))
    throw new BadValue(`give ${POSTGRES}; or ${FOLDER}; or none`);
  return text;
};

function isFolderUrl(text: string): boolean {
  return /^file:\/\/\/[^?#]+$/.test(text) && URL.canParse(text);
}

function isRedisUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname } = new URL(text);
  return /^rediss?:$/.test(protocol) && hostname !== '' && /^(\/\d*)?$/.test(pathname);
}

/** One server, named where it can be compared with others (rule S2): its client would take `?host=` before the host of the URL. */
function isPostgresUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname, searchParams } = new URL(text);
  const elsewhere = ['host', 'hostaddr', 'port'].some((name) => searchParams.has(name));
  return /^postgres(ql)?:$/.test(protocol) && /^[^,%]+$/.test(hostname) && /^\/[^/]+$/.test(pathname) && !elsewhere;
}
