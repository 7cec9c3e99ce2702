import type { Json } from '../api/types';
import { isObject } from '../logic/json-diff';

/** Larger ones begin closed. */
const OPEN_UP_TO = 12;
/** More of one value at once nobody reads, and a browser is slow to show. */
const SHOWN = 200;

/** JSON that can be folded; text, numbers and the rest differ by colour and by their quotes. */
export function JsonTree({ value, name }: { value: Json; name?: string }) {
  return (
    <div class="json" role="group" aria-label={name}>
      <Node value={value} depth={0} />
    </div>
  );
}

function Node({ label, value, depth }: { label?: string; value: Json; depth: number }) {
  const entries = entriesOf(value);
  if (entries === undefined || entries.length === 0) {
    return (
      <div class="json-line">
        <Key label={label} />
        <Scalar value={value} />
      </div>
    );
  }
  const list = Array.isArray(value);
  return (
    <details class="json-node" open={depth === 0 || (depth < 3 && entries.length <= OPEN_UP_TO)}>
      <summary>
        <Key label={label} />
        <span class="json-brace">{list ? `[ ${entries.length} ]` : `{ ${entries.length} }`}</span>
      </summary>
      <div class="json-children">
        {entries.slice(0, SHOWN).map(([key, item]) => (
          <Node key={key} label={key} value={item} depth={depth + 1} />
        ))}
        {entries.length > SHOWN ? <div class="json-line json-more">and {entries.length - SHOWN} more</div> : null}
      </div>
    </details>
  );
}

function Key({ label }: { label: string | undefined }) {
  return label === undefined ? null : (
    <>
      <span class="json-key">{label}</span>
      <span class="json-colon">: </span>
    </>
  );
}

export function Scalar({ value }: { value: Json }) {
  const kind = value === null ? 'null' : Array.isArray(value) || isObject(value) ? 'brace' : typeof value;
  return <span class={`json-${kind}`}>{JSON.stringify(value)}</span>;
}

function entriesOf(value: Json): (readonly [string, Json])[] | undefined {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item, index) => [String(index), item] as const);
  return isObject(value) ? Object.entries(value) : undefined;
}
