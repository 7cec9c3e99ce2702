/** What a partition has of its lists, read while nothing changes. */
export interface Indexes {
  /** By id. */
  readonly records: ReadonlyMap<string, Fields>;
  /** Sorted sets `ix:p:…` and `ix:t:…`, by what their names have after `ix:`: scores by id. */
  readonly sets: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly places: readonly string[];
  readonly groups: readonly string[];
  readonly ids: readonly string[];
}

type Fields = Readonly<Record<string, string | undefined>>;

const CLASSES: Readonly<Record<string, string>> = { queued: 'active', running: 'active' };

/**
 * Whether lists and records agree: every record is in the place that it belongs to and in no other, in the indexes of its tags
 * and all ids, each time by its start; no index has anything else; places and groups are those that are not empty.
 *
 * @returns what does not agree, a sentence each
 */
export function disagreements({ records, sets, places, groups, ids }: Indexes): string[] {
  const found: string[] = [];
  const wanted = new Map<string, Map<string, number>>();
  const expect = (set: string, id: string, score: number): unknown =>
    (wanted.get(set) ?? wanted.set(set, new Map()).get(set))?.set(id, score);
  for (const [id, record] of records) {
    const created = Number(record.created);
    const { place = plainPlace(record) } = record;
    const wrong = misplaced({ ...record, place });
    if (wrong) found.push(`${id} is ${wrong}`);
    expect(`p:${place}`, id, created);
    for (const [key, value] of Object.entries(JSON.parse(record.tags ?? '{}') as Record<string, string>)) {
      expect(`t:${key}=${value}`, id, created);
    }
  }
  for (const [set, entries] of wanted) {
    for (const [id, score] of entries) {
      const has = sets.get(set)?.get(id);
      if (has !== score) found.push(`${id}, started at ${score}, is in ix:${set} with ${has}`);
    }
  }
  for (const [set, entries] of sets) {
    for (const id of entries.keys()) if (!wanted.get(set)?.has(id)) found.push(`${id} is in ix:${set}, where it does not belong`);
  }
  const full = [...sets.keys()].filter((set) => set.startsWith('p:')).map((set) => set.slice(2));
  found.push(...differences('ix:places', places, full));
  found.push(
    ...differences(
      'ix:groups',
      groups,
      full.filter((place) => place.includes('|failed|')),
    ),
  );
  found.push(...differences('ix:ids', ids, [...records.keys()]));
  return found;
}

/** Where one is that does not say it: it neither is in hand nor has failed. */
function plainPlace({ machine, version, status = '', state }: Fields): string | undefined {
  return ['queued', 'running', 'failed'].includes(status) ? undefined : `${machine}@${version}|${status}|${state}`;
}

/** A machine that runs is still where it was taken up: its state may be another one by now. */
function misplaced({ machine, version, status = '', state, place = 'in no place' }: Fields): string | undefined {
  const stem = `${machine}@${version}|${CLASSES[status] ?? status}|`;
  const rest = place.startsWith(stem) ? place.slice(stem.length).split('|') : undefined;
  const told = `${status} in ${state}, and listed as ${place}`;
  if (!rest || rest.length !== (status === 'failed' ? 2 : 1)) return told;
  if (status !== 'running' && rest[0] !== state) return told;
  return status === 'failed' && !/^[0-9a-f]{16}$/.test(rest[1] ?? '') ? told : undefined;
}

function differences(name: string, has: readonly string[], wanted: readonly string[]): string[] {
  const [own, other] = [new Set(has), new Set(wanted)];
  return [
    ...has.filter((each) => !other.has(each)).map((each) => `${name} has ${each}, which is not there`),
    ...wanted.filter((each) => !own.has(each)).map((each) => `${name} lacks ${each}`),
  ];
}
