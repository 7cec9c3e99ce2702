import type { Machine } from '../../api/types';
import { JsonTree } from '../../parts/json-tree';

export function ContextPanel({ machine }: { machine: Machine }) {
  const empty = Object.keys(machine.context).length === 0;
  return (
    <section class="panel" aria-labelledby="context-title">
      <header class="panel-head">
        <h2 id="context-title">Context</h2>
        <span class="dim">as of step {machine.steps}</span>
      </header>
      {machine.unreadable ? <p class="dim">{machine.unreadable.message}</p> : null}
      {machine.unreadable ? null : empty ? <p class="dim">It is empty.</p> : <JsonTree value={machine.context} name="Context" />}
    </section>
  );
}
