import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { loadYamlFiles } from './yaml-loader';

const machine = (name: string): string => `  - name: ${name}\n    states: [{ name: a, initial: true, final: true }]\n`;
const imports = (...files: string[]): string => files.map((file) => `  - import: ${file}\n`).join('');

describe('loadYamlFiles', () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'yaml-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(path: string, content: string | Buffer): string {
    const full = join(folder, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content);
    return full;
  }

  /** Names of the machines, and `file:line rule` of the problems; files relative to the folder. */
  function load(files: Parameters<typeof loadYamlFiles>[0]): { names: string[]; problems: string[] } {
    const { sources, problems } = loadYamlFiles(files);
    return {
      names: sources.map(({ definition }) => definition.name),
      problems: problems.map(({ file, line, rule }) => `${relative(folder, file!)}:${line ?? ''} ${rule}`),
    };
  }

  it('follows imports, relative to the file they stand in, each file once', () => {
    const top = write('top.yaml', `machines:\n${imports('sub/one.yaml', 'two.yaml')}${machine('top')}`);
    write('sub/one.yaml', `machines:\n${machine('one')}${imports('../two.yaml', 'deep/three.yml')}`);
    write('sub/deep/three.yml', `machines:\n${machine('three')}`);
    const two = write('two.yaml', `machines:\n${machine('two')}`);
    expect(load([top, two, top])).toEqual({ names: ['one', 'two', 'three', 'top'], problems: [] });
  });

  it('shows imported files as seen from where the first was named', () => {
    const top = write('top.yaml', `machines:\n${imports('sub/one.yaml')}`);
    write('sub/one.yaml', `machines:\n${machine('one')}`);
    const { sources } = loadYamlFiles([relative(process.cwd(), top)]);
    expect(sources[0]?.origin).toBe(`${relative(process.cwd(), join(folder, 'sub/one.yaml'))}:2`);
  });

  it('reports the problems of all files', () => {
    const top = write('top.yaml', `machines:\n${imports('bad.yaml', 'gone.yaml', 'bad.yaml')}${machine('top')}`);
    write('bad.yaml', 'machines:\n  - nam: x\n');
    const found = load([join(folder, 'none.yaml'), top, folder]);
    expect(found.problems).toEqual([
      'none.yaml: unreadable',
      'bad.yaml:2 unknown-key',
      'bad.yaml:2 empty',
      'top.yaml:3 import-missing',
      ': unreadable',
    ]);
  });

  it('finds circles, and names the way round', () => {
    const top = write('top.yaml', `machines:\n${imports('a.yaml')}${machine('top')}`);
    write('a.yaml', `machines:\n${imports('b.yaml')}`);
    write('b.yaml', `machines:\n${imports('a.yaml', 'b.yaml')}`);
    const { problems } = loadYamlFiles([top]);
    expect(problems.map(({ line, rule }) => [line, rule])).toEqual([
      [2, 'import-cycle'],
      [3, 'import-cycle'],
    ]);
    expect(problems[0]?.message).toContain(
      ['top.yaml', 'a.yaml', 'b.yaml', 'a.yaml'].map((file) => join(folder, file)).join(' → '),
    );
  });

  it('lets no import out of the root', () => {
    const secret = write('secret.yaml', `machines:\n${machine('secret')}`);
    symlinkSync(secret, join(dirname(write('in/x', '')), 'link.yaml'));
    symlinkSync(folder, join(folder, 'in/up'));
    const paths = ['../secret.yaml', 'sub/../../secret.yaml', secret, 'C:\\secret.yaml', 'link.yaml', 'up/secret.yaml', '..'];
    const top = write('in/top.yaml', `machines:\n${imports(...paths)}`);
    expect(load([top])).toEqual({
      names: [],
      problems: paths.map((_, i) => `in/top.yaml:${i + 2} import-outside`),
    });
    expect(load([{ path: top, root: folder }]).names).toEqual(['secret']);
  });

  it('follows links that stay inside, as mounted configuration has them', () => {
    write('..data-1/top.yaml', `machines:\n${imports('other.yaml')}`);
    write('..data-1/other.yaml', `machines:\n${machine('other')}`);
    symlinkSync('..data-1', join(folder, '..data'));
    for (const file of ['top.yaml', 'other.yaml']) symlinkSync(join('..data', file), join(folder, file));
    expect(load([join(folder, 'top.yaml')])).toEqual({ names: ['other'], problems: [] });
  });

  it('lets an import hold nothing else, and name a file', () => {
    write('one.yaml', `machines:\n${machine('one')}`);
    const top = write(
      'top.yaml',
      'machines:\n  - import: one.yaml\n    name: x\n  - import:\n  - import: 5\n  - import: [one.yaml]\n  - import: ""\n  - import: sub\n',
    );
    mkdirSync(join(folder, 'sub'));
    expect(load([top])).toEqual({
      names: ['one'],
      problems: [
        'top.yaml:2 import-with-fields',
        'top.yaml:4 empty',
        'top.yaml:5 wrong-type',
        'top.yaml:5 import-missing',
        'top.yaml:6 wrong-type',
        'top.yaml:7 empty',
        'sub: unreadable',
      ],
    });
  });

  it('refuses files that are large, binary, or no files', () => {
    const large = write('large.yaml', `machines: []\n#${'x'.repeat(262_144)}`);
    const binary = write('binary.yaml', Buffer.from([0x6d, 0xff, 0xfe]));
    expect(load([large, binary, '/dev/zero']).problems).toEqual([
      'large.yaml: too-large',
      'binary.yaml: bad-encoding',
      expect.stringMatching(/dev\/zero: unreadable$/),
    ]);
  });
});
