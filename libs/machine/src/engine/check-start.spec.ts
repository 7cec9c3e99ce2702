import { defineMachine } from '../core/define-machine';
import { InvalidStartError } from '../core/errors';
import type { StartRequest } from '../core/model';
import { checkFields, checkOrigin } from './check-start';

const { definition } = defineMachine({
  name: 'order',
  initial: 'charge',
  states: { charge: { on: { charged: 'done' } }, done: { final: true } },
});

function errorOf(work: () => void): InvalidStartError {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidStartError);
    return error as InvalidStartError;
  }
  throw new Error('nothing was thrown');
}

describe('checkFields', () => {
  const start = (fields: Partial<StartRequest>) => () => checkFields({ machine: 'order', correlationId: 'a', ...fields });

  it.each<Partial<StartRequest>>([
    {},
    { correlationId: '123' },
    { correlationId: 'x'.repeat(128) },
    { delayMs: 0, maxRetries: 0, tags: {} },
    { tags: { customer: '7' } },
  ])('takes %j', (fields) => {
    expect(start(fields)).not.toThrow();
  });

  it.each<[string, Partial<StartRequest>, RegExp]>([
    ['correlationId', { correlationId: '' }, /is ""; it must match/],
    ['correlationId', { correlationId: 'a:b' }, /is "a:b"/],
    ['correlationId', { correlationId: 'x'.repeat(129) }, /must match/],
    ['correlationId', { correlationId: 'a\n' }, /must match/],
    ['delayMs', { delayMs: -1 }, /is -1; give a whole number of ms from 0 to/],
    ['delayMs', { delayMs: 1.5 }, /is 1.5/],
    ['maxRetries', { maxRetries: 1001 }, /from 0 to 1000/],
    ['tags', { tags: { a: 1 as never } }, /give at most 32 names and values/],
    ['tags', { tags: { a: 'x'.repeat(129) } }, /at most 128 characters/],
  ])('refuses a bad %s: %j', (field, fields, message) => {
    const error = errorOf(start(fields));
    expect(error).toMatchObject({ code: 'INVALID_START', field });
    expect(error.message).toMatch(message);
  });
});

describe('checkOrigin', () => {
  it.each([
    [undefined, undefined],
    ['charge', 'charged'],
    ['pseudo_init', 'pseudo_init'],
  ])('takes %s, %s', (state, event) => {
    expect(() => checkOrigin(definition, state, event)).not.toThrow();
  });

  it.each([
    ['charge', undefined, 'event', /together/],
    [undefined, 'charged', 'state', /together/],
    ['nope', 'charged', 'state', /it has: charge, done/],
    ['constructor', 'charged', 'state', /does not have/],
    ['charge', 'nope', 'event', /it has: charged/],
    ['done', 'charged', 'event', /it has: none/],
  ])('refuses %s, %s naming %s', (state, event, field, message) => {
    const error = errorOf(() => checkOrigin(definition, state, event));
    expect(error.field).toBe(field);
    expect(error.message).toMatch(message);
  });
});
