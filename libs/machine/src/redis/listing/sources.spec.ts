import type { MachineFilter } from '../../core/listing';
import { Keyspace } from '../keyspace';
import { sourcesOf, wantedArgs, type Source } from './sources';

const GROUP = '0123456789abcdef';
const keys = new Keyspace('s', 2);
const tag = { key: 'shop', value: 'x' };

/** The places of each of the two partitions. */
const placed = (machines: readonly string[], ...kinds: string[]): Source[] =>
  [0, 1].map((partition) => ({ key: `{s:${partition}}:ix:places`, places: { machines, kinds } }));
const TAGGED: Source[] = [{ key: '{s:0}:ix:t:shop=x' }, { key: '{s:1}:ix:t:shop=x' }];
const IDS: Source[] = [{ key: '{s:0}:ix:ids' }, { key: '{s:1}:ix:ids' }];

const ROWS: [filter: MachineFilter, sources: Source[][]][] = [
  [{}, [placed([])]],
  [{ from: '2026-01-01T00:00:00Z' }, [placed([])]],
  [{ machine: 'order' }, [placed(['order'])]],
  [{ machine: 'order', version: 1 }, [placed(['order@1'])]],
  [{ tag }, [TAGGED]],
  [{ tag, machine: 'order' }, [TAGGED, placed(['order'])]],
  [{ idPrefix: 'o', machine: 'order', statuses: ['failed'] }, [IDS]],
  [{ statuses: ['failed'] }, [placed([], 'failed|*|*')]],
  [{ failure: GROUP }, [placed([], `failed|*|${GROUP}`)]],
  [{ failure: GROUP, state: 'a', statuses: ['failed', 'waiting'] }, [placed([], `failed|a|${GROUP}`)]],
  [{ failure: GROUP, statuses: ['waiting'] }, [[]]],
  [{ statuses: ['waiting', 'delayed'], machine: 'order' }, [placed(['order'], 'waiting|*|*', 'delayed|*|*')]],
  [{ statuses: ['queued'], state: 'b' }, [placed([], 'active|b|*')]],
  // One that runs may be anywhere.
  [{ statuses: ['running', 'queued', 'failed'], state: 'b' }, [placed([], 'active|*|*', 'failed|b|*')]],
  [
    { version: 2, machine: 'order', state: 'x', tag },
    [
      TAGGED,
      placed(
        ['order@2'],
        'active|*|*',
        ...['delayed', 'waiting', 'paused', 'completed', 'failed', 'cancelled'].map((each) => `${each}|x|*`),
      ),
    ],
  ],
  [{ machines: ['ship', 'x'] }, [placed(['ship', 'x'])]],
  [{ machines: ['order'], machine: 'order' }, [placed(['order'])]],
  [{ machines: ['order'], machine: 'ship' }, [[]]],
  [{ machines: ['ship'], statuses: ['failed'] }, [placed(['ship'], 'failed|*|*')]],
];

describe('sourcesOf', () => {
  it.each(ROWS)('%j', (filter, sources) => {
    expect(sourcesOf(filter, keys)).toEqual(sources);
  });
});

it('scripts are told how many machines there are before what else is wanted', () => {
  expect(wantedArgs({ machines: [], kinds: [] })).toEqual([0]);
  expect(wantedArgs({ machines: ['a', 'b@2'], kinds: ['failed|*|*'] })).toEqual([2, 'a', 'b@2', 'failed|*|*']);
});
