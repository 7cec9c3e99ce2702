import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadMigrations, migrationFolder } from './migrate';

describe('loadMigrations', () => {
  it('reads those of this library in order', () => {
    const versions = loadMigrations(migrationFolder).map(({ version }) => version);
    expect(versions.length).toBeGreaterThan(0);
    expect(versions).toEqual(versions.map((_version, index) => index + 1));
  });

  it.each([
    ['a gap', ['001-first.sql', '003-third.sql']],
    ['a version twice', ['001-first.sql', '001-other.sql']],
    ['a name that is none', ['first.sql']],
  ])('refuses %s, naming the file and what it should be called', (_what, files) => {
    const folder = mkdtempSync(join(tmpdir(), 'stile-migrations-'));
    try {
      for (const file of files) writeFileSync(join(folder, file), 'select 1');
      const last = files[files.length - 1] ?? '';
      expect(() => loadMigrations(folder)).toThrow(new RegExp(`${last}: name it 00${files.length}-<name>.sql`));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
