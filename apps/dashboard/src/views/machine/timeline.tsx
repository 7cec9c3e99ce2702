import { useMemo, useState } from 'preact/hooks';
import type { HistoryItem, JsonObject } from '../../api/types';
import { changesByItem } from '../../logic/contexts';
import type { Change } from '../../logic/json-diff';
import { eventName, stateName } from '../../logic/names';
import { counted, whole } from '../../logic/numbers';
import type { Told } from '../../logic/stream';
import { coarse, duration } from '../../logic/time';
import { rowsOf, type Row } from '../../logic/timeline';
import { ChangeList } from '../../parts/change-list';
import { Icon } from '../../parts/icon';
import { JsonTree } from '../../parts/json-tree';
import { Empty } from '../../parts/states';
import { Clock } from '../../parts/when';

const SHOWN = 100;
/** A shorter pause says nothing. */
const GAP_MS = 1000;

/** What happened to it, the last first: attempts with their time, and what was done to it by whom. */
export function Timeline({ told, context }: { told: Told; context: JsonObject }) {
  const [all, setAll] = useState(false);
  const rows = useMemo(() => rowsOf(told.items), [told.items]);
  const changes = useMemo(() => changesByItem(told.items, context), [told.items, context]);
  const shown = all ? rows : rows.slice(0, SHOWN);
  return (
    <section class="panel" aria-labelledby="timeline-title">
      <header class="panel-head">
        <h2 id="timeline-title">Timeline</h2>
        <span class="dim">{counted(rows.length, 'item')}, newest first</span>
      </header>
      {rows.length === 0 ? <Empty title="Nothing has happened yet" /> : null}
      <ol class="timeline">
        {shown.map((row) => (
          <Item key={row.item.number} row={row} changes={changes.get(row.item.number)} />
        ))}
      </ol>
      {shown.length < rows.length ? (
        <button type="button" class="button" onClick={() => setAll(true)}>
          Show all {whole(rows.length)}
        </button>
      ) : null}
      {told.lost > 0 ? <p class="dim">{counted(told.lost, 'older item')} are kept no more.</p> : null}
    </section>
  );
}

function Item({ row, changes }: { row: Row; changes: readonly Change[] | undefined }) {
  const { item, kind, gapMs } = row;
  return (
    <li class={`tl tl-${kind} tl-${item.outcome}`} data-outcome={item.outcome} data-number={item.number}>
      <span class="tl-dot" aria-hidden="true" />
      <div class="tl-body">
        {kind === 'attempt' ? <Attempt row={row} /> : <Act item={item} />}
        <More item={item} changes={changes} />
        {gapMs >= GAP_MS ? <p class="tl-gap">{coarse(gapMs)} after the one before</p> : null}
      </div>
    </li>
  );
}

function Attempt({ row: { item, share } }: { row: Row }) {
  const { from, to, event, outcome, retries, durationMs, worker, fence, startedAt, error } = item;
  const on = eventName(event);
  return (
    <>
      <div class="tl-line">
        <span class="tl-way">
          {stateName(from)} <span class="faint">→</span> <strong>{stateName(to)}</strong>
          {on === undefined ? null : <span class="dim tl-event">on {on}</span>}
        </span>
        <Clock at={startedAt} />
      </div>
      {error === null ? null : (
        <p class="tl-error">
          <Icon name="failed" />
          <span>
            <strong>{error.code}</strong> {error.message}
          </span>
        </p>
      )}
      <div class="tl-meta">
        <span class="bar" aria-hidden="true">
          <span class="bar-fill" style={{ width: `${Math.max(1, share * 100)}%` }} />
        </span>
        <span class="num">{duration(durationMs)}</span>
        <span>
          <span class="sr-only">{outcome}, </span>
          {retries > 0 ? `retry ${retries} · ` : ''}
          {worker === '' ? '' : `${worker} · `}
          fence {fence}
        </span>
      </div>
    </>
  );
}

const WORDS: Readonly<Partial<Record<HistoryItem['outcome'], string>>> = {
  cancelling: 'cancellation asked for',
  edited: 'context edited',
};

function Act({ item }: { item: HistoryItem }) {
  const { outcome, by, why, startedAt, from, to, error } = item;
  return (
    <>
      <div class="tl-line">
        <span class="tl-way">
          <strong>{WORDS[outcome] ?? outcome}</strong>
          {outcome === 'moved' ? ` ${stateName(from)} → ${stateName(to)}` : ''}
          {by ? ` by ${by}` : ''}
          {why ? <span class="tl-why">“{why}”</span> : null}
        </span>
        <Clock at={startedAt} />
      </div>
      {error === null ? null : (
        <p class="tl-error">
          <strong>{error.code}</strong> {error.message}
        </p>
      )}
    </>
  );
}

function More({ item, changes = [] }: { item: HistoryItem; changes: readonly Change[] | undefined }) {
  const { error, data, context, contextBytes } = item;
  const parts = [
    ...(changes.length > 0 ? [counted(changes.length, 'change')] : []),
    ...(data === undefined ? [] : ['event data']),
    ...(error?.stack ? ['stack'] : []),
    ...(context === undefined ? [] : ['context']),
  ];
  if (parts.length === 0) return null;
  return (
    <details class="tl-more">
      <summary>{parts.join(', ')}</summary>
      {changes.length > 0 ? <ChangeList changes={changes} /> : null}
      {error?.stack ? (
        <pre class="stack" tabIndex={0} role="region" aria-label="Stack of the error">
          {error.stack}
        </pre>
      ) : null}
      {data === undefined ? null : (
        <div>
          <p class="tl-label">Data that came with the event</p>
          <JsonTree value={data} name="Event data" />
        </div>
      )}
      {context === undefined ? null : (
        <div>
          <p class="tl-label">Context that it began with</p>
          <JsonTree value={context} name="Context that it began with" />
        </div>
      )}
      {contextBytes === undefined ? null : (
        <p class="dim">Its context of {whole(contextBytes)} bytes was too large to be kept.</p>
      )}
    </details>
  );
}
