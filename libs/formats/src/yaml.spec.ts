import fc from 'fast-check';
import { loadYamlText, type Definition } from '@stile/machine';
import { DEFINITIONS, full, FULL_YAML } from './repo.fixtures';
import { definitions } from './random.fixtures';
import { toYaml } from './yaml';

function read(yaml: string): Definition {
  const { sources, problems } = loadYamlText(yaml, 'm.yaml');
  expect(problems).toEqual([]);
  return JSON.parse(JSON.stringify(sources[0]!.definition)) as Definition;
}

describe('toYaml', () => {
  it('is read as the same definition', () => {
    for (const definition of DEFINITIONS) expect(read(toYaml(definition))).toEqual(JSON.parse(JSON.stringify(definition)));
    fc.assert(
      fc.property(definitions, (definition) => expect(read(toYaml(definition))).toEqual(definition)),
      { numRuns: 60 },
    );
  });

  it('leaves defaults out', () => {
    expect(toYaml(read('machines: [{ name: m, states: [{ name: a, initial: true, final: true }] }]'))).toBe(`machines:
  - name: m
    version: 1
    states:
      - name: a
        initial: true
        final: true
`);
    expect(read(toYaml(full))).toEqual(read(FULL_YAML));
  });
});
