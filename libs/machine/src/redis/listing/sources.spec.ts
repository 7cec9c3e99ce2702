import type { MachineFilter } from '../../core/listing';
import { readPlace, type Place } from '../../core/place';
import { Keyspace } from '../keyspace';
import { needsPlaces, sourcesOf } from './sources';

const GROUP = '0123456789abcdef';
const PLACES = [
  ['order@1|active|a', 'order@1|active|b', 'order@1|waiting|a', `order@1|failed|a|${GROUP}`],
  ['order@2|active|a', 'order@1|failed|b|f123456789abcdef', 'ship@1|delayed|a', 'order@1|paused|a'],
];
const known = { places: PLACES.map((list) => list.map((text) => readPlace(text) as Place)), machines: ['order', 'ship'] };
const keys = new Keyspace('s', 2);
const tag = { key: 'shop', value: 'x' };
const TAGGED = ['0}:ix:t:shop=x', '1}:ix:t:shop=x'];
const NAMED = ['0}:ix:m:order', '1}:ix:m:order'];

const ROWS: [filter: MachineFilter, sources: string[][]][] = [
  [{}, [['0}:ix:m:order', '0}:ix:m:ship', '1}:ix:m:order', '1}:ix:m:ship']]],
  [{ from: '2026-01-01T00:00:00Z' }, [['0}:ix:m:order', '0}:ix:m:ship', '1}:ix:m:order', '1}:ix:m:ship']]],
  [{ machine: 'order', version: 1 }, [NAMED]],
  [{ tag }, [TAGGED]],
  [{ tag, machine: 'order' }, [TAGGED, NAMED]],
  [{ idPrefix: 'o', machine: 'order', statuses: ['failed'] }, [['0}:ix:ids', '1}:ix:ids']]],
  [{ statuses: ['failed'] }, [[`0}:ix:p:order@1|failed|a|${GROUP}`, '1}:ix:p:order@1|failed|b|f123456789abcdef']]],
  [{ failure: GROUP }, [[`0}:ix:p:order@1|failed|a|${GROUP}`]]],
  [{ statuses: ['waiting', 'delayed'], machine: 'order' }, [['0}:ix:p:order@1|waiting|a'], NAMED]],
  [{ statuses: ['queued'], state: 'b' }, [['0}:ix:p:order@1|active|b']]],
  // One that runs may be anywhere.
  [{ statuses: ['running'], state: 'b' }, [['0}:ix:p:order@1|active|a', '0}:ix:p:order@1|active|b', '1}:ix:p:order@2|active|a']]],
  [{ version: 2, machine: 'order', state: 'x', tag }, [TAGGED, ['1}:ix:p:order@2|active|a'], NAMED]],
  [{ statuses: ['cancelled'] }, [[]]],
  [{ machines: ['ship', 'x'] }, [['0}:ix:m:ship', '0}:ix:m:x', '1}:ix:m:ship', '1}:ix:m:x']]],
  [{ machines: ['order'], machine: 'order' }, [NAMED]],
  [{ machines: ['ship'], statuses: ['failed', 'delayed'] }, [['1}:ix:p:ship@1|delayed|a'], ['0}:ix:m:ship', '1}:ix:m:ship']]],
];

describe('sourcesOf', () => {
  it.each(ROWS)('%j', (filter, sources) => {
    expect(sourcesOf(filter, known, keys)).toEqual(sources.map((list) => list.map((key) => `{s:${key}`)));
  });

  it.each(ROWS)('knows of the places where it needs them: %j', (filter) => {
    const none = { places: [[], []], machines: [] };
    const differs = JSON.stringify(sourcesOf(filter, none, keys)) !== JSON.stringify(sourcesOf(filter, known, keys));
    if (differs) expect(needsPlaces(filter)).toBe(true);
  });
});
