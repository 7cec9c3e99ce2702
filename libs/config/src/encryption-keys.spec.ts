import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { ConfigError } from './config-error';
import { readConfig } from './read-config';

const SECRET = Buffer.alloc(32, 'never shown').toString('base64');
const OTHER = Buffer.alloc(32, 7).toString('base64');
const redis = { STILE_REDIS_URL: 'redis://127.0.0.1:6379' };
let folder: string;

beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'stile-keys-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function keysOf(env: NodeJS.ProcessEnv): (readonly [id: string, bytes: string])[] {
  const { encryptionKeys = [] } = readConfig({ ...redis, ...env });
  return encryptionKeys.map(({ id, key }) => [id, key.export().toString('base64')]);
}

function errorOf(env: NodeJS.ProcessEnv): ConfigError {
  try {
    readConfig({ ...redis, ...env });
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('nothing is wrong with it');
}

describe('keys of the encryption', () => {
  it('come from the environment, in order', () => {
    expect(keysOf({ STILE_ENCRYPTION_KEYS: ` k2:${SECRET} , k1:${OTHER}` })).toEqual([
      ['k2', SECRET],
      ['k1', OTHER],
    ]);
    expect(readConfig(redis)).not.toHaveProperty('encryptionKeys');
  });

  it('come from a file, a line each', () => {
    const path = join(folder, 'keys');
    writeFileSync(path, `# of 2026\nk2:${SECRET}\r\nk1:${OTHER}\n`);
    expect(keysOf({ STILE_ENCRYPTION_KEYS_FILE: path }).map(([id]) => id)).toEqual(['k2', 'k1']);
    expect(errorOf({ STILE_ENCRYPTION_KEYS_FILE: path, STILE_ENCRYPTION_KEYS: `k1:${OTHER}` }).faults).toMatchObject([
      {
        variable: 'STILE_ENCRYPTION_KEYS_FILE',
        problem: 'STILE_ENCRYPTION_KEYS is set as well, to something else; unset one of them',
      },
    ]);
  });

  it.each([
    ['without an id', SECRET],
    ['with one that is no id', `a key:${SECRET}`],
    ['that is too short', `k1:${SECRET.slice(0, 20)}`],
    ['that is no base64', `k1:${SECRET}!`],
    ['that is there twice', `k1:${OTHER},k1:${SECRET}`],
    ['the wrong way round', `${SECRET}:k1`],
  ])('are refused %s, and never shown', (_what, text) => {
    const error = errorOf({ STILE_ENCRYPTION_KEYS: text });
    expect(error.faults).toMatchObject([{ variable: 'STILE_ENCRYPTION_KEYS', value: '***' }]);
    expect(JSON.stringify([error, error.message, error.stack])).not.toContain(SECRET.slice(0, 20));
  });

  it('are not shown by what prints a configuration', () => {
    const config = readConfig({ ...redis, STILE_ENCRYPTION_KEYS: `k1:${SECRET}` });
    const bytes = Buffer.from(SECRET, 'base64');
    for (const shown of [JSON.stringify(config), inspect(config, { depth: 9, showHidden: true })]) {
      for (const form of [SECRET, bytes.toString('hex'), bytes.toString('latin1')]) expect(shown).not.toContain(form);
    }
  });
});
