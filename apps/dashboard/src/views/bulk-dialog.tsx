import { useEffect, useState } from 'preact/hooks';
import { serverNow } from '../api/server-clock';
import { stile } from '../api/stile';
import type { BulkAct } from '../api/types';
import { useOverview } from '../hooks/overview';
import { countByLooking } from '../hooks/use-machine-list';
import { countOf } from '../logic/counts';
import { describe, isEmpty, narrowed, operationFilter, type Filter } from '../logic/filter';
import { counted, whole } from '../logic/numbers';
import { clock } from '../logic/time';
import { FormDialog } from '../parts/form-dialog';

const VERBS = { retry: 'Retry', cancel: 'Cancel', pause: 'Pause', resume: 'Resume' } as const;

const WHAT = {
  retry: 'Each tries its failed step again, with all its retries.',
  cancel: 'Running actions are aborted; the state that cleans up runs where there is one. It cannot be undone.',
  pause: 'A step in hand commits, then the machine rests. Events and timers wait.',
  resume: 'Each goes on where it was; what came due meanwhile is due now.',
} as const;

interface Props {
  readonly act: BulkAct;
  readonly filter: Filter;
  readonly onClose: () => void;
  readonly onStarted: (operationId: string) => void;
}

/** Says how many, before it is done to all of them. */
export function BulkDialog({ act, filter, onClose, onStarted }: Props) {
  const target = narrowed(filter, act) ?? filter;
  const size = useSize(target);
  const [sure, setSure] = useState(false);
  const everything = isEmpty(filter);
  const verb = VERBS[act];
  const none = size?.exact === true && size.count === 0;
  return (
    <FormDialog
      title={`${verb} ${size === undefined ? 'machines' : sizeText(size)}`}
      verb={size === undefined || !size.exact ? `${verb} all that match` : `${verb} ${counted(size.count, 'machine')}`}
      danger={act === 'cancel'}
      disabled={none || (everything && !sure)}
      onClose={onClose}
      submit={async (why) => onStarted((await stile.operate(act, target, why)).operationId)}
    >
      {() => (
        <>
          <p>
            {verb} <strong>{describe(operationFilter(target), (iso) => clock(iso, serverNow()))}</strong>:{' '}
            {size === undefined ? 'counting …' : `${sizeText(size)}.`}
          </p>
          <p class="dim">{WHAT[act]} It is done in the background, and can be stopped.</p>
          {everything ? (
            <label class="check">
              <input type="checkbox" checked={sure} onChange={(event) => setSure(event.currentTarget.checked)} />
              No filter is set: I mean the machines of all definitions.
            </label>
          ) : null}
        </>
      )}
    </FormDialog>
  );
}

type Size = { readonly count: number; readonly exact: boolean };

function useSize(target: Filter): Size | undefined {
  const { counts } = useOverview();
  const known = counts.data ? countOf(counts.data, target) : undefined;
  const [looked, setLooked] = useState<Size>();
  const mustLook = known === undefined;
  useEffect(() => {
    if (mustLook) countByLooking(target).then(setLooked, () => setLooked({ count: 0, exact: false }));
  }, [mustLook]);
  return known === undefined ? looked : { count: known, exact: true };
}

function sizeText({ count, exact }: Size): string {
  if (exact) return counted(count, 'machine');
  return count === 0 ? 'as many as match' : `${whole(count)} machines or more`;
}
