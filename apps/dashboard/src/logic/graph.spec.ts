import type { Definition, Machine } from '../api/types';
import { tally } from './counts';
import { isAllowedAttribute, isAllowedElement } from './graph-allow';
import { marksOfCounts, marksOfMachine, targetInHand } from './graph-marks';
import { historyItem as item } from './history.fixture';
import { legalEvents } from './legal-events';
import { edgeKey, wayOf } from './way';

const to = (event: string, target: string) => ({ event, target, local: false });

const ORDER: Definition = {
  ...{ name: 'order', version: 1, maxRetries: 3, queue: 'machines', initial: 'reserve', onCancel: 'release' },
  deadline: { afterMs: 1000, event: 'late' },
  states: {
    reserve: { name: 'reserve', final: false, transitions: { reserved: to('reserved', 'charge') } },
    charge: {
      ...{ name: 'charge', final: false, transitions: { charged: to('charged', 'done') } },
      events: { reserved: 'ignore', call: 'reject', late: 'defer' },
    },
    release: { name: 'release', final: false, transitions: { call: to('call', 'done') } },
    done: { name: 'done', final: true, transitions: {} },
  },
};

const machine = (more: Partial<Machine>): Machine =>
  ({ state: 'reserve', event: 'reserved', status: 'running', steps: 1, retries: 0, error: null, ...more }) as Machine;

describe('marks of counts', () => {
  it('are at the states, failures apart', () => {
    const count = (status: 'active' | 'failed' | 'completed', state: string, number: number) => ({
      ...{ machine: 'order', version: 1, status, state, count: number },
    });
    const counts = tally(
      [count('active', 'charge', 1200), count('failed', 'charge', 3), count('completed', 'done', 7)],
      'order',
      1,
    );
    const { states } = marksOfCounts(ORDER, counts);
    expect(states.get('charge')).toEqual({
      marks: ['failing', 'busy'],
      badges: [
        { text: '1.2k', title: '1200 live', tone: 'live' },
        { text: '3', title: '3 failed', tone: 'failed' },
      ],
    });
    expect(states.get('done')?.badges).toEqual([{ text: '7', title: '7 ended', tone: 'ended' }]);
    expect(states.get('reserve')).toEqual({ marks: [], badges: [] });
  });
});

describe('marks of a machine', () => {
  const items = [
    item(1, { from: 'pseudo_init', event: 'pseudo_init', to: 'reserve' }),
    item(2, { outcome: 'failed', from: 'reserve', event: 'reserved', to: 'charge' }),
  ];
  const way = wayOf(items, 'reserve');

  it('show where it is, how it came there, and where it fails', () => {
    const { states, edges } = marksOfMachine(ORDER, machine({ status: 'failed', retries: 1 }), way);
    expect(states.get('reserve')?.marks).toEqual(['visited', 'current', 'is-failed']);
    expect(states.get('charge')).toEqual({
      marks: ['failing'],
      badges: [{ text: '1', title: '1 failed attempts', tone: 'failed' }],
    });
    expect(edges.get(edgeKey('pseudo_init', 'pseudo_init'))).toEqual(['taken']);
    expect(edges.get(edgeKey('reserve', 'reserved'))).toEqual(['failing']);
  });

  it('show what is under way', () => {
    const { states, edges } = marksOfMachine(ORDER, machine({}), way);
    expect(states.get('charge')?.marks).toEqual(['next']);
    expect(edges.get(edgeKey('reserve', 'reserved'))).toEqual(['pending']);
  });

  it('need no definition', () => {
    expect([...marksOfMachine(undefined, machine({}), way).states.keys()].sort()).toEqual(['charge', 'pseudo_init', 'reserve']);
  });

  it.each([
    [machine({ event: 'pseudo_init', state: 'pseudo_init', steps: 0 }), 'reserve'],
    [machine({ event: 'pseudo_init', status: 'paused' }), undefined],
    [machine({ event: 'pseudo_cancel' }), 'release'],
    [machine({ event: 'pseudo_move:done' }), 'done'],
    [machine({ event: 'constructor' }), undefined],
    [machine({ status: 'waiting' }), undefined],
    [machine({ status: 'completed' }), undefined],
  ])('know where the step in hand leads to (%#)', (of, target) => {
    expect(targetInHand(ORDER, of)).toBe(target);
  });
});

describe('legal events', () => {
  it('are all that the definition has, those first that are taken now', () => {
    expect(legalEvents(ORDER, 'charge')).toEqual([
      { event: 'charged', now: 'taken', target: 'done' },
      { event: 'late', now: 'kept' },
      { event: 'reserved', now: 'ignored' },
      { event: 'call', now: 'refused' },
    ]);
    expect(legalEvents(ORDER, 'pseudo_init').every(({ now }) => now === 'kept')).toBe(true);
  });
});

describe('what of a drawing gets into the page', () => {
  it.each(['script', 'foreignObject', 'style', 'a', 'image', 'use', 'animate', 'iframe', 'SVG'])('no <%s>', (name) => {
    expect(isAllowedElement(name)).toBe(false);
  });

  it.each([
    ['onclick', 'alert(1)'],
    ['style', 'fill: red'],
    ['href', '/'],
    ['xlink:href', '/'],
    ['id', 'main'],
    ['fill', 'url(https://elsewhere.example/#a)'],
    ['fill', 'URL (x)'],
    ['class', 'javascript:'],
  ])('no %s="%s"', (name, value) => {
    expect(isAllowedAttribute(name, value)).toBe(false);
  });

  it('shapes, text, and what they stand for', () => {
    expect(['svg', 'g', 'path', 'polygon', 'text', 'title'].every(isAllowedElement)).toBe(true);
    expect(isAllowedAttribute('data-state', 'charge')).toBe(true);
    expect(isAllowedAttribute('d', 'M0 0')).toBe(true);
  });
});
