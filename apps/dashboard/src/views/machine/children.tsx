import { useState } from 'preact/hooks';
import { stile } from '../../api/stile';
import type { Child, Machine } from '../../api/types';
import { usePoll } from '../../hooks/use-poll';
import { hasEnded } from '../../logic/stream';
import { MachineLink } from '../../parts/links';
import { Loaded } from '../../parts/states';

const PAGE = 100;
const LOOK_MS = 3000;

/** Machines that it has started; nothing where there are none. */
export function Children({ machine }: { machine: Machine }) {
  const id = machine.correlationId;
  const [from, setFrom] = useState(0);
  const children = usePoll(
    machine.children > 0 ? `children ${id} ${from}` : null,
    async (signal) => (await stile.children(id, from, signal)).items,
    hasEnded(machine.status) ? undefined : LOOK_MS,
  );
  if (machine.children === 0) return null;
  return (
    <section class="panel" aria-labelledby="children-title">
      <header class="panel-head">
        <h2 id="children-title">Children</h2>
        <span class="dim">{machine.children}</span>
      </header>
      <Loaded of={children} what="the children">
        {(items) => (
          <ul class="lines">
            {items.map((child) => (
              <Line key={`${child.group} ${child.index}`} child={child} />
            ))}
          </ul>
        )}
      </Loaded>
      {machine.children > PAGE ? (
        <div class="more-line">
          <button type="button" class="button small" disabled={from === 0} onClick={() => setFrom(from - PAGE)}>
            Before
          </button>
          <button
            type="button"
            class="button small"
            disabled={from + PAGE >= machine.children}
            onClick={() => setFrom(from + PAGE)}
          >
            After
          </button>
        </div>
      ) : null}
    </section>
  );
}

function Line({ child: { correlationId, machine, outcome, error, group, index } }: { child: Child }) {
  return (
    <li class="line">
      <div class="line-main">
        {outcome === 'pending' ? <span class="mono">{correlationId}</span> : <MachineLink id={correlationId} />}{' '}
        <span class="dim">
          {machine} · {group} {index}
        </span>
        {error === null ? null : (
          <p class="error-text">
            <strong>{error.code}</strong> {error.message}
          </p>
        )}
      </div>
      <span class={`outcome outcome-${outcome}`}>{outcome}</span>
    </li>
  );
}
