import { defineMachine } from './define-machine';
import { findTransition, legalEvents } from './transition';

const { definition } = defineMachine({
  name: 'order',
  initial: 'open',
  states: { open: { on: { pay: 'paid', wait: { target: 'open', local: true } } }, paid: { final: true } },
});

describe('findTransition', () => {
  it('leads to the initial state first', () => {
    expect(findTransition(definition, 'pseudo_init', 'pseudo_init')).toMatchObject({
      target: 'open',
      local: false,
    });
    expect(findTransition(definition, 'pseudo_init', 'pay')).toBeUndefined();
  });
  it('finds what the state has', () => {
    expect(findTransition(definition, 'open', 'pay')).toEqual({ event: 'pay', target: 'paid', local: false });
    expect(findTransition(definition, 'open', 'wait')).toEqual({
      event: 'wait',
      target: 'open',
      local: true,
    });
  });
  it.each([
    ['open', 'ship'],
    ['paid', 'pay'],
    ['nowhere', 'pay'],
    ['open', 'constructor'],
    ['__proto__', 'toString'],
  ])('finds nothing for state %s, event %s', (state, event) => {
    expect(findTransition(JSON.parse(JSON.stringify(definition)) as typeof definition, state, event)).toBeUndefined();
  });
});

describe('legalEvents', () => {
  it.each([
    ['pseudo_init', ['pseudo_init']],
    ['open', ['pay', 'wait']],
    ['paid', []],
    ['constructor', []],
  ])('of %s are %j', (state, events) => expect(legalEvents(definition, state)).toEqual(events));
});
