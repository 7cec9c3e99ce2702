import { useEffect, useState } from 'preact/hooks';
import { stile } from '../../api/stile';
import type { InboxItem, Machine } from '../../api/types';
import { notify } from '../../hooks/notices';
import { usePoll } from '../../hooks/use-poll';
import { FormDialog } from '../../parts/form-dialog';
import { JsonTree } from '../../parts/json-tree';
import { Loaded } from '../../parts/states';
import { Ago } from '../../parts/when';

/** Events that wait for a state to take them; nothing where none do. */
export function Inbox({ machine, onActed }: { machine: Machine; onActed: () => void }) {
  const id = machine.correlationId;
  const [dropping, setDropping] = useState<InboxItem>();
  const inbox = usePoll(machine.inbox > 0 ? `inbox ${id}` : null, async (signal) => (await stile.inbox(id, signal)).items);
  useEffect(() => inbox.reload(), [machine.inbox, machine.revision]);
  if (machine.inbox === 0) return null;
  return (
    <section class="panel" aria-labelledby="inbox-title">
      <header class="panel-head">
        <h2 id="inbox-title">Inbox</h2>
        <span class="dim">{machine.inbox} waiting</span>
      </header>
      <Loaded of={inbox} what="the inbox">
        {(items) => (
          <ul class="lines">
            {items.map((item) => (
              <li key={item.id} class="line">
                <div class="line-main">
                  <strong>{item.event}</strong>{' '}
                  <span class="dim">
                    <Ago at={item.receivedAt} />
                  </span>
                  {item.data === null ? null : <JsonTree value={item.data} name={`Data of ${item.event}`} />}
                </div>
                <button type="button" class="button small" onClick={() => setDropping(item)} aria-label={`Delete ${item.event}`}>
                  Delete
                </button>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      {dropping ? (
        <FormDialog
          title={`Delete ${dropping.event} from the inbox`}
          verb="Delete"
          danger
          asksWhy={false}
          onClose={() => setDropping(undefined)}
          submit={async () => {
            await stile.dropEvent(id, dropping.id);
            notify(`${dropping.event} is deleted`);
            onActed();
          }}
        >
          {() => <p>No state will take this event any more. It cannot be undone.</p>}
        </FormDialog>
      ) : null}
    </section>
  );
}
