import { readSummary, SUMMARY_FIELDS } from './summary';

const RECORD: Record<string, string> = {
  ...{
    machine: 'order',
    version: '2',
    run: 'r',
    status: 'failed',
    state: 'charge',
    event: 'go',
    steps: '3',
    retries: '5',
    max: '5',
  },
  ...{ tags: '{"shop":"x"}', created: '1000', updated: '2000', finished: '3000', inbox: '4', hold: 'order/charge' },
  ...{ error: '{"code":"A","message":"b","stack":"c"}', place: 'order@2|failed|charge|0123456789abcdef' },
};
const read = (fields: Record<string, string>) =>
  readSummary(
    'o-1',
    SUMMARY_FIELDS.map((name) => fields[name] ?? null),
  );

it('shows a record without its stack', () => {
  expect(read(RECORD)).toEqual({
    group: '0123456789abcdef',
    summary: {
      ...{ correlationId: 'o-1', machine: 'order', version: 2, runId: 'r', status: 'failed', state: 'charge', event: 'go' },
      ...{ steps: 3, retries: 5, maxRetries: 5, tags: { shop: 'x' }, inbox: 4, heldBy: 'order/charge' },
      ...{ createdAt: '1970-01-01T00:00:01.000Z', updatedAt: '1970-01-01T00:00:02.000Z' },
      ...{ finishedAt: '1970-01-01T00:00:03.000Z', error: { code: 'A', message: 'b' } },
    },
  });
});

it('takes an empty text for none', () => {
  const { machine = '', status = '', ...rest } = RECORD;
  const none = Object.fromEntries(Object.keys(rest).map((name) => [name, '']));
  expect(read({ machine, status, ...none })).toEqual(read({ machine, status }));
});

it('shows what can be read of a broken one', () => {
  const broken = { machine: 'order', version: 'x', status: 'failed', steps: '-1', created: '1e99', tags: '[', error: 'null' };
  expect(read(broken)?.summary).toMatchObject({
    ...{ version: 0, steps: 0, createdAt: '1970-01-01T00:00:00.000Z', tags: {}, state: '', finishedAt: null, heldBy: null },
    error: { code: 'UNKNOWN', message: '' },
  });
});

it.each([{}, { machine: 'order' }, { status: 'failed' }, { machine: 'order', status: 'odd' }])(
  'shows nothing of %j',
  (fields) => {
    expect(read(fields as Record<string, string>)).toBeUndefined();
  },
);
