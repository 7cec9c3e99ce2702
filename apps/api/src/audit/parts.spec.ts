import type { Request } from 'express';
import { ACTS } from './acts';
import { fieldsOfPatch } from './patch-fields';
import { tellOf } from './pick';
import { Refusals } from './refusals';

const asked = (parts: Partial<Record<'params' | 'query' | 'body', object>>) => ({ params: {}, query: {}, ...parts }) as Request;

describe('what is told of an act', () => {
  it('names the fields of an edit, and no value', () => {
    const patch = { name: 'canary', address: { city: 'canary', zip: null }, items: ['canary'], empty: {} };
    expect(fieldsOfPatch(patch)).toEqual(['name', 'address.city', 'address.zip', 'items', 'empty']);
    const many = Object.fromEntries(Array.from({ length: 70 }, (_, i) => [`f${i}`, 1]));
    expect(fieldsOfPatch(many)).toHaveLength(51);
    expect(fieldsOfPatch(many).at(-1)).toBe('and 20 more');
    expect(fieldsOfPatch(null)).toEqual([]);
  });

  it('keeps contexts, data and errors of results to itself', () => {
    const machine = {
      correlationId: 'm',
      status: 'paused',
      revision: '1.0.2',
      context: { a: 'canary' },
      error: { message: 'canary' },
    };
    expect(tellOf(machine)).toEqual({ correlationId: 'm', status: 'paused', revision: '1.0.2' });
    expect(tellOf({ items: [{ outcome: 'created', machine }, { outcome: 'created' }, { outcome: 'rejected' }] })).toEqual({
      outcomes: { created: 2, rejected: 1 },
    });
    expect(tellOf({ name: 'ada', key: 'canary', state: { deep: 'canary' } })).toEqual({ name: 'ada' });
    expect([tellOf(undefined), tellOf('text'), tellOf({ key: 1 })]).toEqual([undefined, undefined, undefined]);
  });

  it.each(Object.entries(ACTS))('%s takes whatever comes, since it is told before it is checked', (_name, { on, details }) => {
    const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as object;
    const odd = { machine: 1, filter: 'x', items: 7, name: {}, version: {} };
    const nested = { by: deep, why: deep, filter: deep, tag: deep, version: deep, mode: deep, event: deep };
    for (const body of [undefined, null, 'text', [1], odd, nested]) {
      const request = asked({ params: { id: 'x'.repeat(9000) }, query: { machine: ['a'] }, body: body as object });
      expect(on(request).length).toBeLessThan(2000);
      expect(JSON.stringify(details?.(request) ?? {}).length).toBeLessThan(10_000);
    }
  });

  it('says what is held, and who is meant by an act on many', () => {
    const hold = { machine: 'order', version: 2, state: 'charge', by: 'ada', why: 'bank' };
    expect(ACTS['HoldsController.hold']?.on(asked({ body: hold }))).toBe('hold order@2/charge');
    expect(ACTS['HoldsController.hold']?.details?.(asked({ body: hold }))).toEqual({ by: 'ada', why: 'bank' });
    const filter = { machine: 'order', status: ['failed'] };
    expect(ACTS['OperationsController.act']?.on(asked({ body: { filter } }))).toBe(`machines ${JSON.stringify(filter)}`);
  });
});

describe('refusals', () => {
  it('are let through 60 a minute for each name, and the others counted', () => {
    let now = 0;
    const refusals = new Refusals(() => now);
    const take = (name: string, times: number) => Array.from({ length: times }, () => refusals.take(name));
    expect(take('unknown', 60).every((left) => left === 0)).toBe(true);
    expect(take('unknown', 40).every((left) => left === undefined)).toBe(true);
    expect(refusals.take('ada')).toBe(0);
    now = 60_000;
    expect([refusals.take('ada'), refusals.take('unknown'), refusals.take('unknown')]).toEqual([0, 40, 0]);
  });

  it('share a count where there are too many names', () => {
    const refusals = new Refusals(() => 0);
    for (let i = 0; i < 1000; i++) refusals.take(`n${i}`);
    const more = Array.from({ length: 100 }, (_, i) => refusals.take(`m${i}`));
    expect(more.filter((left) => left === 0)).toHaveLength(60);
  });
});
