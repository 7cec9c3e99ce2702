import { STATUSES } from './model';
import { countedAs, placeText, readPlace, type Place } from './place';

const PLACES: [text: string, place: Place][] = [
  ['order@2|waiting|payment', { machine: 'order', version: 2, status: 'waiting', state: 'payment' }],
  ['a.b-c_d@10|active|pseudo_init', { machine: 'a.b-c_d', version: 10, status: 'active', state: 'pseudo_init' }],
  [
    'order@1|failed|charge|0123456789abcdef',
    { machine: 'order', version: 1, status: 'failed', state: 'charge', group: '0123456789abcdef' },
  ],
  // Of a record that has lost its state.
  ['order@1|failed||0123456789abcdef', { machine: 'order', version: 1, status: 'failed', state: '', group: '0123456789abcdef' }],
];

describe('places', () => {
  it.each(PLACES)('%s', (text, place) => {
    expect(placeText(place)).toBe(text);
    expect(readPlace(text)).toEqual(place);
  });

  it.each([
    '',
    'order',
    'order@1',
    'order@1|waiting',
    '@1|waiting|a',
    'order@x|waiting|a',
    'order@1|queued|a',
    'order@1.5|failed|a',
  ])('%j names none', (text) => expect(readPlace(text)).toBeUndefined());

  it('has one for each status', () => {
    expect(STATUSES.map(countedAs)).toEqual([
      'active',
      'active',
      'waiting',
      'delayed',
      'paused',
      'completed',
      'failed',
      'cancelled',
    ]);
  });
});
