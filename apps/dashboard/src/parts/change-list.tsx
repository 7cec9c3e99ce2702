import type { Json } from '../api/types';
import type { Change } from '../logic/json-diff';

const SHOWN = 60;
const MAX_TEXT = 160;
const SIGN = { added: '+', removed: '−', changed: '~' } as const;

/** What is different between two JSON values, a line for each place. */
export function ChangeList({ changes, name = 'Changes of the context' }: { changes: readonly Change[]; name?: string }) {
  return (
    <ul class="changes" aria-label={name}>
      {changes.slice(0, SHOWN).map(({ path, kind, before, after }) => (
        <li key={`${kind} ${path}`} class={`change change-${kind}`}>
          <span class="change-sign" aria-hidden="true">
            {SIGN[kind]}
          </span>
          <span class="sr-only">{kind} </span>
          <span class="change-path">{path === '' ? 'all' : path}</span> {before === undefined ? null : <del>{clip(before)}</del>}
          {kind === 'changed' ? <span class="change-arrow"> → </span> : null}
          {after === undefined ? null : <ins>{clip(after)}</ins>}
        </li>
      ))}
      {changes.length > SHOWN ? <li class="change">and {changes.length - SHOWN} more</li> : null}
    </ul>
  );
}

function clip(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}
