import { createSecretKey, type KeyObject } from 'node:crypto';
import { BadValue, list, type Parser } from './parsers';

/** Node.js shows nothing of a KeyObject in logs and print-outs. */
export interface EncryptionKey {
  readonly id: string;
  readonly key: KeyObject;
}

const WANTED =
  'give id:key, separated by commas: an id of 1 to 32 of A-Z a-z 0-9 _ -, a key of 32 bytes in base64 (openssl rand -base64 32)';
const BYTES = 32;

/** Separated by commas or line ends; lines that begin with # are left out. Errors tell which key it is by its place: nothing of the text may be shown. */
export const encryptionKeys: Parser<readonly EncryptionKey[]> = (text) => {
  const lines = text.split(/\r?\n/).filter((line) => !line.trimStart().startsWith('#'));
  const keys = list()(lines.join(',')).map((item, i) => {
    const [, id, encoded = ''] = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/_-]+={0,2})$/.exec(item) ?? [];
    const bytes = Buffer.from(encoded, 'base64');
    if (id === undefined) throw new BadValue(`key ${i + 1} cannot be read: ${WANTED}`);
    if (bytes.length !== BYTES) throw new BadValue(`key ${i + 1} has ${bytes.length} bytes: ${WANTED}`);
    return { id, key: createSecretKey(bytes) };
  });
  const ids = keys.map(({ id }) => id);
  if (ids.length === 0) throw new BadValue(WANTED);
  const twice = ids.findIndex((id, i) => ids.indexOf(id) !== i);
  if (twice >= 0) throw new BadValue(`key ${twice + 1} has the id of another: give each its own`);
  return keys;
};
