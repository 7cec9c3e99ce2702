import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadMachines } from './load-machines';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stile-load-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(join(root, file, '..'), { recursive: true });
  writeFileSync(join(root, file), text);
}

const ACTION = "Action('NAME')(class NAME { execute() {} })";
const require_ = "const { Action, defineMachine } = require('@stile/machine');\n";
const actionNamed = (name: string) => ACTION.replaceAll('NAME', name);
const yaml = (name: string) => `machines:\n  - name: ${name}\n    states:\n      - { name: only, initial: true, final: true }\n`;
const names = (loaded: ReturnType<typeof loadMachines>) =>
  loaded.providers.map((provider) => (provider as { name: string }).name);

it('takes exported classes however they are exported', () => {
  write('named.cjs', `${require_}exports.a = ${actionNamed('a')}; exports.helper = () => 1; exports.Plain = class {};`);
  write('itself.js', `${require_}module.exports = ${actionNamed('b')};`);
  write('list.cjs', `${require_}module.exports = [${actionNamed('c')}, ${actionNamed('d')}];`);
  write(
    'built.cjs',
    `${require_}exports.machine = defineMachine({ name: 'built', initial: 'end', states: { end: { final: true } } });`,
  );
  const loaded = loadMachines(['.'], root);
  expect(loaded.problems).toEqual([]);
  expect(names(loaded).sort()).toEqual(['a', 'b', 'c', 'd']);
  expect(loaded.machines.map(({ definition }) => definition.name)).toEqual(['built']);
});

it('searches folders, in order, without node_modules, dot files and tests; a file named twice is loaded once', () => {
  write('one/b.yaml', yaml('b'));
  write('one/a.yml', yaml('a'));
  write('one/inner/c.yaml', yaml('c'));
  write('one/node_modules/x/d.yaml', yaml('d'));
  write('one/.hidden/e.yaml', yaml('e'));
  write('one/f.spec.js', 'throw new Error("a test is not for running here")');
  write('one/readme.md', 'not ours');
  symlinkSync(join(root, 'one'), join(root, 'two'));
  const loaded = loadMachines(['one', 'two', 'one/b.yaml'], root);
  expect(loaded.problems).toEqual([]);
  expect(loaded.machines.map(({ definition }) => definition.name)).toEqual(['a', 'b', 'c']);
});

it('tells all that is wrong at once', () => {
  write('throws.cjs', 'throw new Error("no database")');
  write('text.txt', '');
  write('bad.yaml', 'machines: 3');
  const { problems } = loadMachines(['missing', 'throws.cjs', 'text.txt', 'bad.yaml'], root);
  expect(problems.map(({ rule }) => rule)).toEqual(['not-found', 'unknown-type', 'module-failed', expect.any(String)]);
  expect(problems[2]?.message).toMatch(/no database/);
  expect(problems[3]?.file).toMatch(/bad\.yaml$/);
});

it('takes Nest modules for what their providers need', () => {
  const nest = JSON.stringify(require.resolve('@nestjs/common'));
  write('module.cjs', `const { Module } = require(${nest}); class Db {} Module({ providers: [Db] })(Db); exports.Db = Db;`);
  expect(loadMachines(['module.cjs'], root).imports).toHaveLength(1);
});

it('lets a YAML file import from anywhere within the folder that was named', () => {
  write('all/shared.yaml', yaml('shared'));
  write('all/inner/top.yaml', 'machines:\n  - import: ../shared.yaml\n');
  expect(loadMachines(['all/inner/top.yaml'], root).problems).toMatchObject([
    { rule: 'import-outside', file: 'all/inner/top.yaml' },
  ]);
  const loaded = loadMachines(['all'], root);
  expect(loaded.problems).toEqual([]);
  expect(loaded.machines.map(({ definition }) => definition.name)).toEqual(['shared']);
});
