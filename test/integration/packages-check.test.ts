import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const LOCK = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');
interface Entry {
  version?: string;
  resolved?: string;
  integrity?: string;
  license?: string;
  hasInstallScript?: boolean;
}
type Lock = { lockfileVersion: number; packages: Record<string, Entry> };

let dir: string;
beforeAll(() => (dir = mkdtempSync(join(tmpdir(), 'stile-lock-'))));
afterAll(() => rmSync(dir, { recursive: true }));

function check(doctor: (lock: Lock) => void): { status: number | null; told: string } {
  const lock = JSON.parse(LOCK) as Lock;
  doctor(lock);
  const file = join(dir, 'lock.json');
  writeFileSync(file, JSON.stringify(lock));
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'tools', 'packages', 'check.mjs'), '--lock', file], { encoding: 'utf8' });
  return { status, told: stderr };
}

it('the lock file is sound', () => {
  expect(check(() => undefined)).toEqual({ status: 0, told: '' });
});

const entry = (lock: Lock, name: string) => lock.packages[`node_modules/${name}`] as Entry;
type Row = [what: string, doctor: (lock: Lock) => void, told: RegExp];
const DOCTORED: Row[] = [
  ['a package without its hash', (lock) => delete entry(lock, 'pg').integrity, /node_modules\/pg has no sha512/],
  ['a weak hash', (lock) => (entry(lock, 'pg').integrity = 'sha1-abc='), /node_modules\/pg has no sha512/],
  ['another host', (lock) => (entry(lock, 'pg').resolved = 'https://example.com/pg.tgz'), /comes from https:\/\/example.com/],
  ['a repository', (lock) => (entry(lock, 'pg').resolved = 'git+ssh://git@github.com/a/b.git'), /not from the npm registry/],
  ['a link that leads out', (lock) => (entry(lock, '@stile/api').resolved = '../elsewhere'), /none of our folders/],
  ['a new install script', (lock) => (entry(lock, 'pg').hasInstallScript = true), /runs a script at its install/],
  ['another version than asked for', (lock) => (entry(lock, 'pg').version = '8.0.0'), /pg is 8\.0\.0 in the lock file/],
  ['a copyleft licence', (lock) => (entry(lock, 'pg').license = 'AGPL-3.0-only'), /pg@\S+ is under AGPL-3\.0-only/],
  ['a licence in part', (lock) => (entry(lock, 'pg').license = 'MIT AND GPL-3.0'), /is under MIT AND GPL-3\.0/],
  ['no licence', (lock) => delete entry(lock, 'pg').license, /pg@\S+ tells no licence/],
];

it.each(DOCTORED)('refuses %s', (_what, doctor, told) => {
  const result = check(doctor);
  expect(result.status).toBe(1);
  expect(result.told).toMatch(told);
  expect(result.told.trim().split('\n')).toHaveLength(1);
});

it('takes a licence that leaves a choice', () => {
  expect(check((lock) => (entry(lock, 'pg').license = '(GPL-3.0 OR MIT)')).status).toBe(0);
});
