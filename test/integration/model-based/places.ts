import { failureKind } from '../../../libs/machine/src/core/failure-kind';
import { COUNTED_STATUSES } from '../../../libs/machine/src/core/listing';
import { placeText } from '../../../libs/machine/src/core/place';
import { groupId } from '../../../libs/machine/src/redis/failure-group';
import { disagreements } from '../../chaos/src/checker/indexes';
import { failure, item } from '../support/store-bench';
import { holds } from './disagreement';
import type { Snapshot } from './snapshot';
import type { World } from './world';

const MACHINE = { machine: 'bench', version: 1 };
/** Of the only failure there is. */
const GROUP = groupId(failureKind(MACHINE, item().to, failure('failed').error));

/** Every place that a machine of a run may be in. */
export const PLACES = ['pseudo_init', 'b'].flatMap((state) =>
  COUNTED_STATUSES.map((status) => placeText({ ...MACHINE, status, state, ...(status === 'failed' ? { group: GROUP } : {}) })),
);

/** Lists and records agree, at every moment. */
export function checkPlaces({ keys, machines }: World, at: Snapshot): void {
  const scores = (key: string) => {
    const flat = at.list(key);
    return new Map(flat.flatMap((id, i) => (i % 2 === 0 ? [[id, Number(flat[i + 1])] as const] : [])));
  };
  const named = PLACES.map((place) => [`p:${place}`, keys.place(0, place)] as const);
  const found = disagreements({
    records: new Map(machines.map(({ id }) => [id, at.hash(keys.record(id))])),
    sets: new Map(named.map(([name, key]) => [name, scores(key)] as const).filter(([, entries]) => entries.size > 0)),
    places: at.list(keys.places(0)),
    groups: Object.keys(at.hash(keys.failureGroups(0))),
    ids: [...scores(keys.ids(0)).keys()],
  });
  holds('lists and records agree', found.length === 0, found);
}
