import type { MachineFilter } from '@stile/machine';
import { ApiProblem } from '../problems/api-problem';
import { Scope, scopeOf } from './scope';

const whole = new Scope({});
const acme = new Scope({ tenant: 'acme' });
const orders = new Scope({ definitions: ['order', 'refund'] });
const both = new Scope({ tenant: 'acme', definitions: ['order'] });

const ROWS: [scope: Scope, filter: MachineFilter, narrowed: MachineFilter | undefined][] = [
  [whole, {}, {}],
  [whole, { idPrefix: 'x', machine: 'order' }, { idPrefix: 'x', machine: 'order' }],
  [acme, {}, { idPrefix: 'acme.' }],
  [acme, { idPrefix: '' }, { idPrefix: 'acme.' }],
  [acme, { idPrefix: 'ac' }, { idPrefix: 'acme.' }],
  [acme, { idPrefix: 'acme' }, { idPrefix: 'acme.' }],
  [acme, { idPrefix: 'acme.o-' }, { idPrefix: 'acme.o-' }],
  [acme, { idPrefix: 'acmes.' }, undefined],
  [acme, { idPrefix: 'Acme.' }, undefined],
  [acme, { idPrefix: 'globex.' }, undefined],
  [acme, { machine: 'secret', state: 's' }, { idPrefix: 'acme.', machine: 'secret', state: 's' }],
  [orders, {}, { machines: ['order', 'refund'] }],
  [orders, { machine: 'refund' }, { machine: 'refund' }],
  [orders, { machine: 'secret' }, undefined],
  [orders, { machines: ['secret', 'order'] }, { machines: ['order'] }],
  [orders, { machines: ['secret'] }, undefined],
  [both, { idPrefix: 'acme.x' }, { idPrefix: 'acme.x', machines: ['order'] }],
  [both, { machine: 'refund' }, undefined],
];

it.each(ROWS)('%j narrows %j to %j', (scope, filter, narrowed) => {
  expect(scope.narrow(filter)).toEqual(narrowed);
  if (narrowed) expect(scope.covers(narrowed)).toBe(true);
});

it.each<[Scope, MachineFilter]>([
  [acme, {}],
  [acme, { idPrefix: 'acme' }],
  [acme, { machine: 'order' }],
  [orders, {}],
  [orders, { failure: '0123456789abcdef' }],
  [orders, { machines: ['order', 'secret'] }],
  [both, { idPrefix: 'acme.' }],
  [both, { machine: 'order' }],
])('%j does not cover %j', (scope, filter) => {
  expect(scope.covers(filter)).toBe(false);
});

it('gives new machines ids of the tenant, and takes no others', () => {
  expect(whole.newId(undefined)).toBeUndefined();
  expect(whole.newId('globex.1')).toBe('globex.1');
  expect(acme.newId(undefined)).toMatch(/^acme\.[0-9a-f]{8}-/);
  expect(acme.newId('acme.1')).toBe('acme.1');
  for (const id of ['1', 'globex.1', 'acmes.1', 'ACME.1', '.acme.1', 'acme']) {
    expect(() => acme.newId(id)).toThrow(expect.objectContaining({ code: 'OUTSIDE_SCOPE' }));
    expect(() => acme.newId(id)).toThrow('ids of tenant acme begin with "acme."');
  }
});

it('knows schedules by the ids of their machines', () => {
  const schedule = (name: string, machine = 'order') => ({ name, machine });
  expect(['acme.nightly', 'acme', 'acmes.nightly', 'nightly'].map((name) => acme.hasSchedule(schedule(name)))).toEqual([
    ...[true, true, false, false],
  ]);
  expect(both.hasSchedule(schedule('acme.x', 'refund'))).toBe(false);
  expect(() => acme.requireSchedule(schedule('nightly'))).toThrow('begin with "acme."');
  expect(() => both.requireSchedule(schedule('acme.x', 'refund'))).toThrow('those are: order');
});

it('is nobody’s by mistake', () => {
  expect(() => scopeOf({})).toThrow('no caller');
  expect(() => scopeOf({})).not.toThrow(ApiProblem); // a fault of ours
});
