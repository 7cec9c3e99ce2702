import { bindAll } from './bind';
import { defineMachine } from './define-machine';
import type { MachineSource } from './machine-source';
import type { ActionHandler } from './step';

const own: ActionHandler = () => 'own';
const registered: ActionHandler = () => 'registered';

function source(name: string, action: string, more: Partial<MachineSource> = {}): MachineSource {
  const made = defineMachine({ name, initial: 'a', states: { a: { final: true, entry: action } } });
  return { ...made, ...more };
}

describe('bindAll', () => {
  it('binds own actions first, then registered ones', () => {
    const both = source('both', 'x', { actions: new Map([['x', own]]) });
    const { bound, problems } = bindAll([both, source('other', 'x')], new Map([['x', registered]]));
    expect(problems).toEqual([]);
    expect(bound.map(({ actions }) => actions.get('x'))).toEqual([own, registered]);
  });

  it('finds every place that names an unknown action', () => {
    const machine = defineMachine({
      name: 'm',
      initial: 'a',
      states: {
        a: { do: 'count.upp', exit: 'constructor', on: { go: { target: 'b', action: 'cuont.up' } } },
        b: { final: true, entry: 'far.away', do: 'count.up' },
      },
    });
    const { bound, problems } = bindAll([machine], new Map([['count.up', registered]]));
    expect(bound).toEqual([]);
    expect(problems.map(({ rule, message, where }) => [rule, message, where])).toEqual([
      [
        'unknown-action',
        expect.stringContaining('"count.upp" is not registered; did you mean "count.up"?'),
        expect.stringContaining('state "a"'),
      ],
      ['unknown-action', expect.stringContaining('"constructor"'), expect.stringContaining('state "a"')],
      ['unknown-action', expect.stringContaining('"cuont.up"'), expect.stringContaining('event "go"')],
      ['unknown-action', expect.stringContaining('there is: "count.up"'), expect.stringContaining('state "b"')],
    ]);
  });

  it('names both owners of one name and version', () => {
    const one = source('order', 'x', { origin: 'orders.yaml:2' });
    const two = source('order', 'x', { origin: 'class OrderMachine' });
    const later = source('order', 'x');
    const { bound, problems } = bindAll(
      [one, two, { ...later, definition: { ...later.definition, version: 2 } }],
      new Map([['x', registered]]),
    );
    expect(problems).toEqual([expect.objectContaining({ rule: 'duplicate-machine', severity: 'error' })]);
    expect(problems[0]?.message).toMatch(/orders\.yaml:2 and by class OrderMachine/);
    expect(bound.map(({ definition }) => definition.version)).toEqual([1, 2]);
  });

  it('takes a source that is given twice once', () => {
    const one = source('order', 'x');
    expect(bindAll([one, one], new Map([['x', registered]]))).toMatchObject({ problems: [], bound: [{}] });
  });

  it('binds what has warnings, and tells all problems of all sources', () => {
    const loop = defineMachine({ name: 'loop', initial: 'a', states: { a: { on: { again: 'a' } } } });
    const broken = { ...loop, definition: { ...loop.definition, name: 'no name' } };
    const garbage = { ...loop, definition: null } as unknown as MachineSource;
    const { bound, problems } = bindAll([loop, broken, garbage], new Map());
    expect(bound.map(({ definition }) => definition.name)).toEqual(['loop']);
    expect(problems.map(({ rule }) => rule)).toEqual(['no-way-to-end', 'bad-name', 'no-way-to-end', 'wrong-type']);
  });
});
