import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import Ajv from 'ajv';
import { parseAllDocuments } from 'yaml';
import { bindAll } from '../core/bind';
import { BAD_WAITING_YAML, BAD_YAML, oneMachine, waitingMachine } from './bad-yaml.fixtures';
import { loadYamlFiles, loadYamlText } from './yaml-loader';
import { MACHINE_KEYS, STATE_KEYS, TRANSITION_KEYS } from './yaml-machine';
import { DEADLINE_KEYS, RETRY_KEYS } from './yaml-parts';

const ROOT = join(__dirname, '../../../..');
const SCHEMA = join(ROOT, 'libs/machine/schema/machines.schema.json');

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
}

const schema = JSON.parse(readFileSync(SCHEMA, 'utf8')) as Schema & { readonly definitions: Readonly<Record<string, Schema>> };
const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allErrors: true, allowUnionTypes: true });
ajv.addKeyword('patternErrorMessage'); // for editors
const validate = ajv.compile(schema);

/** What the schema has against a text, document by document, as an editor reads it. */
function faults(yaml: string): string[] {
  return parseAllDocuments(yaml, { merge: true, schema: 'core', logLevel: 'silent' }).flatMap((document) => {
    const value: unknown = document.toJS({ maxAliasCount: 1000 });
    if (value === null || validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  });
}

/** Files of the examples, and blocks of the guides. */
function yamlOfRepository(): [name: string, text: string][] {
  const walk = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      if (entry.name === 'node_modules' || entry.name === 'dist') return [];
      return entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)];
    });
  const examples = walk(join(ROOT, 'examples')).filter((file) => /\.ya?ml$/.test(file));
  const guides = [...walk(join(ROOT, 'docs/guide')), join(ROOT, 'README.md'), join(ROOT, 'libs/machine/README.md')];
  const blocks = guides
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) => {
      const found = [...readFileSync(file, 'utf8').matchAll(/^```yaml\n([^]*?)^```/gm)].map(([, block = '']) => block);
      const machines = found.filter((block) => /^machines:/m.test(block));
      return machines.map((block, i): [string, string] => [`${file.slice(ROOT.length + 1)} ${i}`, block]);
    });
  return [...examples.map((file): [string, string] => [file.slice(ROOT.length + 1), readFileSync(file, 'utf8')]), ...blocks];
}

/**
 * What a schema cannot tell: names that must be found elsewhere, order, amounts behind units, and what is gone once YAML has been read (keys
 * written twice, aliases, files).
 */
const BEYOND = new Set([
  'alias-bomb',
  'alias-cycle',
  'custom-tag',
  'deadline-event',
  'duplicate-event',
  'duplicate-key',
  'duplicate-machine',
  'duplicate-state',
  'duplicate-timer',
  'import-not-allowed',
  'missing-target',
  'no-way-to-end',
  'on-exhausted-event',
  'policy-event',
  'policy-with-transition',
  'timer-event',
  'too-large',
  'two-initials',
  'unknown-action',
  'unknown-alias',
  'unreachable-state',
  'yaml-syntax',
]);
/** Of these the rule does not say it: an empty file is none yet, and `2d` is a duration. */
const BEYOND_BY_NAME = new Set([
  'nothing',
  'only comments',
  'a timeout that is too long',
  'a deadline that is too short',
  'a merge that is no map',
]);

describe('machines.schema.json', () => {
  it.each(yamlOfRepository())('takes %s, which the loader takes', (name, text) => {
    const { problems } = loadYamlText(text, name);
    expect(problems.filter(({ rule }) => rule !== 'import-not-allowed')).toEqual([]);
    expect(faults(text)).toEqual([]);
  });

  it('takes what has everything, and merges', () => {
    const machine = `    retry: { base: 1s, factor: 1.5, jitter: none, retryable: [E, "500"] }
    deadline: { after: 1h, event: late }
    on_cancel: b
    inbox_limit: 7
    retention: 1.5h
`;
    const fields = `        after: { 24h: go, 30s: note, 500 ms: late }
        events: { stop: reject }
        timeout: 10s
`;
    expect(faults(waitingMachine(machine, fields))).toEqual([]);
    expect(faults(waitingMachine('    deadline: 90s\n', '        after: {}\n        retry: {}\n'))).toEqual([]);
    const states = `      - &a { name: a, initial: true, retry: &r { base: 1s }, transitions: [{ event: go, target: b }] }
      - { <<: *a, name: b, initial: false, final: true, transitions: [], retry: { <<: *r, cap: 9s } }
`;
    expect(loadYamlText(oneMachine(states), 'm.yaml').problems).toEqual([]);
    expect(faults(oneMachine(states))).toEqual([]);
  });

  const bad = [
    ...BAD_YAML,
    ...BAD_WAITING_YAML.map(([name, machine, fields, found]) => [name, waitingMachine(machine, fields), found] as const),
  ];
  const told = bad.filter(([name, text]) => {
    const { sources, problems } = loadYamlText(text, 'm.yaml');
    const rules = [...problems, ...bindAll(sources, new Map([['act', () => undefined]])).problems].map(({ rule }) => rule);
    return !BEYOND_BY_NAME.has(name) && rules.some((rule) => !BEYOND.has(rule));
  });

  it.each(told)('refuses %s, as the loader does', (_name, text) => expect(faults(text)).not.toEqual([]));

  it('refuses most of what the loader refuses', () => expect(told.length).toBeGreaterThan(bad.length / 2));

  it('knows the fields that the loader knows, and says what each is', () => {
    const { machine, state, transition, retry, deadline } = schema.definitions;
    const fields = (part: Schema | undefined) => Object.keys(part?.properties ?? {}).sort();
    const deadlineFields = deadline?.anyOf?.find(({ properties }) => properties);
    expect(fields(schema)).toEqual(['machines']);
    expect(fields(machine)).toEqual([...MACHINE_KEYS, 'import'].sort());
    expect(fields(state)).toEqual([...STATE_KEYS].sort());
    expect(fields(transition)).toEqual([...TRANSITION_KEYS].sort());
    expect(fields(retry)).toEqual([...RETRY_KEYS].sort());
    expect(fields(deadlineFields)).toEqual([...DEADLINE_KEYS].sort());
    for (const part of [schema, machine, state, transition, retry, deadlineFields]) {
      for (const [field, { description }] of Object.entries(part?.properties ?? {}))
        expect([field, description]).toEqual([field, expect.stringMatching(/\.$/)]);
    }
  });

  it('is what the examples name, in their first line', () => {
    for (const [name] of yamlOfRepository().filter(([name]) => name.startsWith('examples/'))) {
      const [first = ''] = readFileSync(join(ROOT, name), 'utf8').split('\n');
      const [, path = ''] = /^# yaml-language-server: \$schema=(\S+)$/.exec(first) ?? [];
      expect(resolve(dirname(join(ROOT, name)), path)).toBe(SCHEMA);
    }
    expect(loadYamlFiles([join(ROOT, 'examples/machines/counter.yaml')]).problems).toEqual([]);
  });

  it('is in the package', () => {
    const { exports } = JSON.parse(readFileSync(join(ROOT, 'libs/machine/package.json'), 'utf8')) as {
      exports: Record<string, unknown>;
    };
    expect(exports['./schema/machines.schema.json']).toBe('./schema/machines.schema.json');
  });
});
