import type { MachineFilter } from '../../core/listing';
import { readPlace, type Place } from '../../core/place';
import { Keyspace } from '../keyspace';
import { needsPlaces, sourcesOf, type Source } from './sources';

const GROUP = '0123456789abcdef';
const PLACES = [
  ['order@1|active|a', 'order@1|active|b', 'order@1|waiting|a', `order@1|failed|a|${GROUP}`],
  ['order@2|active|a', 'order@1|failed|b|f123456789abcdef', 'ship@1|delayed|a', 'order@1|paused|a'],
];
const known = PLACES.map((list) => list.map((text) => readPlace(text) as Place));
const keys = new Keyspace('s', 2);
const tag = { key: 'shop', value: 'x' };

/** What is read of each of the two partitions: places, or nothing at all. */
const of = (first?: readonly string[], second?: readonly string[]): Source[] =>
  [first, second].flatMap((places, i) => (places ? [{ key: `{s:${i}}:ix:places`, places }] : []));
const both = (...places: string[]): Source[] => of(places, places);
const TAGGED: Source[] = [{ key: '{s:0}:ix:t:shop=x' }, { key: '{s:1}:ix:t:shop=x' }];
const IDS: Source[] = [{ key: '{s:0}:ix:ids' }, { key: '{s:1}:ix:ids' }];

const ROWS: [filter: MachineFilter, sources: Source[][]][] = [
  [{}, [both('')]],
  [{ from: '2026-01-01T00:00:00Z' }, [both('')]],
  [{ machine: 'order' }, [both('order@')]],
  [{ machine: 'order', version: 1 }, [both('order@1|')]],
  [{ tag }, [TAGGED]],
  [{ tag, machine: 'order' }, [TAGGED, both('order@')]],
  [{ idPrefix: 'o', machine: 'order', statuses: ['failed'] }, [IDS]],
  [{ statuses: ['failed'] }, [of([`order@1|failed|a|${GROUP}`], ['order@1|failed|b|f123456789abcdef'])]],
  [{ failure: GROUP }, [of([`order@1|failed|a|${GROUP}`])]],
  [{ statuses: ['waiting', 'delayed'], machine: 'order' }, [of(['order@1|waiting|a'])]],
  [{ statuses: ['waiting', 'delayed'] }, [of(['order@1|waiting|a'], ['ship@1|delayed|a'])]],
  [{ statuses: ['queued'], state: 'b' }, [of(['order@1|active|b'])]],
  // One that runs may be anywhere.
  [{ statuses: ['running'], state: 'b' }, [of(['order@1|active|a', 'order@1|active|b'], ['order@2|active|a'])]],
  [{ version: 2, machine: 'order', state: 'x', tag }, [TAGGED, of(undefined, ['order@2|active|a'])]],
  [{ statuses: ['cancelled'] }, [[]]],
  [{ machines: ['ship', 'x'] }, [both('ship@', 'x@')]],
  [{ machines: ['order'], machine: 'order' }, [both('order@')]],
  [{ machines: ['order'], machine: 'ship' }, [[]]],
  [{ machines: ['ship'], statuses: ['failed', 'delayed'] }, [of(undefined, ['ship@1|delayed|a'])]],
];

describe('sourcesOf', () => {
  it.each(ROWS)('%j', (filter, sources) => {
    expect(sourcesOf(filter, known, keys)).toEqual(sources);
  });

  it.each(ROWS)('knows of the places where it needs them: %j', (filter) => {
    const differs = JSON.stringify(sourcesOf(filter, [[], []], keys)) !== JSON.stringify(sourcesOf(filter, known, keys));
    if (differs) expect(needsPlaces(filter)).toBe(true);
  });
});
