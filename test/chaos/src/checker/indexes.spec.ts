import { disagreements } from './indexes';

const GROUP = '0123456789abcdef';
const plain = { machine: 'order', version: '1' };
const FAILED = `order@1|failed|charge|${GROUP}`;

interface Doctored {
  records: Map<string, Record<string, string>>;
  sets: Map<string, Map<string, number>>;
  places: string[];
  groups: string[];
  ids: string[];
}

function valid(): Doctored {
  return {
    records: new Map<string, Record<string, string>>([
      ['a', { ...plain, status: 'queued', state: 'pay', created: '5', place: 'order@1|active|pay', tags: '{"shop":"x"}' }],
      ['b', { ...plain, status: 'running', state: 'ship', created: '6', place: 'order@1|active|pay' }],
      ['c', { ...plain, status: 'failed', state: 'charge', created: '7', place: FAILED, tags: '{}' }],
    ]),
    sets: new Map([
      [
        'p:order@1|active|pay',
        new Map([
          ['a', 5],
          ['b', 6],
        ]),
      ],
      [`p:${FAILED}`, new Map([['c', 7]])],
      ['t:shop=x', new Map([['a', 5]])],
    ]),
    places: ['order@1|active|pay', FAILED],
    groups: [FAILED],
    ids: ['a', 'b', 'c'],
  };
}

type Doctoring = [what: string, said: string, doctor: (indexes: Doctored) => unknown];
const DOCTORINGS: Doctoring[] = [
  [
    'a status that is another',
    'a is waiting in pay, and listed as order@1|active|pay',
    ({ records }) => Object.assign(records.get('a') ?? {}, { status: 'waiting' }),
  ],
  ['a state that is another', 'a is queued in ship', ({ records }) => Object.assign(records.get('a') ?? {}, { state: 'ship' })],
  ['a machine in no place', 'listed as in no place', ({ records }) => delete records.get('a')?.place],
  [
    'a failed one without a group',
    'c is failed in charge',
    ({ records }) => Object.assign(records.get('c') ?? {}, { place: 'order@1|failed|charge' }),
  ],
  ['one that is in no set', 'with undefined', ({ sets }) => sets.get('p:order@1|active|pay')?.delete('a')],
  ['another start', 'a, started at 5, is in ix:t:shop=x with 4', ({ sets }) => sets.get('t:shop=x')?.set('a', 4)],
  ['one that is in two places', 'a is in ix:p:', ({ sets }) => sets.get(`p:${FAILED}`)?.set('a', 5)],
  ['one that is gone', 'b is in ix:p:order@1|active|pay, where it does not belong', ({ records }) => records.delete('b')],
  ['a tag that is not its', 'c is in ix:t:shop=x', ({ sets }) => sets.get('t:shop=x')?.set('c', 7)],
  ['a place that is forgotten', 'ix:places lacks order@1|active|pay', (indexes) => (indexes.places = [FAILED])],
  [
    'a place that is empty',
    'ix:places has order@1|waiting|pay',
    (indexes) => (indexes.places = [...indexes.places, 'order@1|waiting|pay']),
  ],
  ['a group that is forgotten', 'ix:groups lacks', (indexes) => (indexes.groups = [])],
  ['an id that is forgotten', 'ix:ids lacks c', (indexes) => (indexes.ids = ['a', 'b'])],
];

it('agrees where all is well', () => expect(disagreements(valid())).toEqual([]));

it.each(DOCTORINGS)('sees %s', (_what, said, doctor) => {
  const indexes = valid();
  doctor(indexes);
  expect(disagreements(indexes).join('\n')).toContain(said);
});
