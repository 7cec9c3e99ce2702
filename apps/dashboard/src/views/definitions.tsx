import { useMemo, useState } from 'preact/hooks';
import type { Definition } from '../api/types';
import { useOverview } from '../hooks/overview';
import { go } from '../hooks/use-route';
import { useTitle } from '../hooks/use-title';
import { liveOf, tally, withFailures, type Tally } from '../logic/counts';
import { ALL, queryOf } from '../logic/filter';
import { marksOfCounts } from '../logic/graph-marks';
import { counted, whole } from '../logic/numbers';
import { Graph } from '../parts/graph';
import { Icon } from '../parts/icon';
import { DefinitionLink } from '../parts/links';
import { PageHead } from '../parts/page-head';
import { Empty, Loaded } from '../parts/states';
import { StartDialog } from './start-dialog';

/** All definitions at their highest version, with what is counted of all versions. */
export function DefinitionsView() {
  useTitle('Definitions');
  const { definitions, counts, failures } = useOverview();
  const [starting, setStarting] = useState<string>();
  return (
    <>
      <PageHead title="Definitions" note="What the workers have published, and where their machines are.">
        <button type="button" class="button primary" onClick={() => setStarting('')}>
          <Icon name="plus" />
          Start a machine
        </button>
      </PageHead>
      <Loaded of={definitions} what="the definitions">
        {(items) =>
          items.length === 0 ? (
            <Empty title="Nothing has been published yet">
              <p>
                Workers publish their definitions when they start: <code>npm start</code>, or <code>stile worker</code> with your
                machines.
              </p>
            </Empty>
          ) : (
            <ul class="cards">
              {newest(items).map((definition) => (
                <DefinitionCard
                  key={definition.name}
                  definition={definition}
                  counts={withFailures(tally(counts.data ?? [], definition.name), failures.data ?? [], definition.name)}
                  onStart={() => setStarting(definition.name)}
                />
              ))}
            </ul>
          )
        }
      </Loaded>
      {starting === undefined ? null : <StartDialog machine={starting} onClose={() => setStarting(undefined)} />}
    </>
  );
}

function DefinitionCard({ definition, counts, onStart }: { definition: Definition; counts: Tally; onStart: () => void }) {
  const { name, version } = definition;
  const marks = useMemo(() => marksOfCounts(definition, counts), [definition, counts]);
  const failed = counts.byStatus.failed ?? 0;
  return (
    <li class={failed > 0 ? 'card card-failing' : 'card'} data-definition={name}>
      <header class="card-head">
        <h2>
          <DefinitionLink name={name} version={version} />
        </h2>
        <button type="button" class="button small quiet" onClick={onStart} aria-label={`Start a machine of ${name}`}>
          <Icon name="plus" />
          Start
        </button>
      </header>
      <Graph
        {...{ name, version, marks }}
        label={`Graph of ${name}`}
        onState={(state) => go({ view: 'machines', query: queryOf({ ...ALL, machine: name, state }).toString() })}
      />
      <dl class="tallies">
        <TallyLink
          label="live"
          count={liveOf(counts.byStatus)}
          query={`machine=${name}&status=queued,running,waiting,delayed,paused`}
        />
        <TallyLink label="failed" count={failed} query={`machine=${name}&status=failed`} />
        <TallyLink label="completed" count={counts.byStatus.completed ?? 0} query={`machine=${name}&status=completed`} />
        <TallyLink label="cancelled" count={counts.byStatus.cancelled ?? 0} query={`machine=${name}&status=cancelled`} />
      </dl>
    </li>
  );
}

function TallyLink({ label, count, query }: { label: string; count: number; query: string }) {
  return (
    <div class={`tally tally-${label}${count === 0 ? ' tally-none' : ''}`}>
      <dt>{label}</dt>
      <dd class="num">
        {count === 0 ? (
          '0'
        ) : (
          <a href={`#/machines?${query}`} aria-label={`${counted(count, 'machine')} ${label}`}>
            {whole(count)}
          </a>
        )}
      </dd>
    </div>
  );
}

/** The highest version of each name, by name. */
function newest(items: readonly Definition[]): Definition[] {
  const byName = new Map<string, Definition>();
  for (const item of items) {
    if (item.version >= (byName.get(item.name)?.version ?? 0)) byName.set(item.name, item);
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
