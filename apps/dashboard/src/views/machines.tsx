import { useState } from 'preact/hooks';
import type { BulkAct, MachineSummary } from '../api/types';
import { useOverview } from '../hooks/overview';
import { plainQuery, useMachineList, type MachineList } from '../hooks/use-machine-list';
import { replaceRoute } from '../hooks/use-route';
import { useTitle } from '../hooks/use-title';
import { countOf } from '../logic/counts';
import { filterOf, isEmpty, narrowed, queryOf, type Filter } from '../logic/filter';
import { counted } from '../logic/numbers';
import { Icon } from '../parts/icon';
import { OperationById } from '../parts/operation-card';
import { PageHead } from '../parts/page-head';
import { ProblemBox } from '../parts/problem-box';
import { Empty, Loaded } from '../parts/states';
import { BulkDialog } from './bulk-dialog';
import { MachineFilters } from './machine-filters';
import { MachineTable } from './machine-table';
import { StartDialog } from './start-dialog';

/** Machines, newest first, by a filter that stands in the address. */
export function MachinesView({ query }: { query: string }) {
  useTitle('Machines');
  const filter = filterOf(query);
  const { counts } = useOverview();
  const list = useMachineList(plainQuery(query));
  const [starting, setStarting] = useState(false);
  const [bulk, setBulk] = useState<BulkAct>();
  const [operation, setOperation] = useState<string>();
  const change = (patch: Partial<Filter>): void =>
    replaceRoute({ view: 'machines', query: queryOf({ ...filter, ...patch }).toString() });
  const known = counts.data ? countOf(counts.data, filter) : undefined;

  return (
    <>
      <PageHead title="Machines" note={known === undefined ? noteOf(list) : counted(known, 'machine')}>
        <button type="button" class="button primary" onClick={() => setStarting(true)}>
          <Icon name="plus" />
          Start a machine
        </button>
      </PageHead>
      <MachineFilters filter={filter} onChange={change} />
      {operation === undefined ? null : <OperationById id={operation} onHide={() => setOperation(undefined)} />}
      <Loaded of={list.first} what="the machines">
        {() => (
          <>
            <BulkBar filter={filter} onAct={setBulk} empty={list.items.length === 0} />
            <MachineRows list={list} filtered={!isEmpty(filter)} />
          </>
        )}
      </Loaded>
      {starting ? <StartDialog machine={filter.machine ?? ''} onClose={() => setStarting(false)} /> : null}
      {bulk ? <BulkDialog act={bulk} filter={filter} onClose={() => setBulk(undefined)} onStarted={setOperation} /> : null}
    </>
  );
}

function noteOf({ items, next, first }: MachineList): string {
  if (!first.data) return ' ';
  return `${counted(items.length, 'machine')} shown${next === null ? '' : ', there are more'}`;
}

const BULK: readonly (readonly [BulkAct, string])[] = [
  ['retry', 'Retry'],
  ['pause', 'Pause'],
  ['resume', 'Resume'],
  ['cancel', 'Cancel'],
];

function BulkBar({ filter, onAct, empty }: { filter: Filter; onAct: (act: BulkAct) => void; empty: boolean }) {
  if (empty) return null;
  return (
    <div class="bulk" role="group" aria-label="Act on all machines that match">
      <span class="bulk-label">All that match:</span>
      {BULK.map(([act, label]) => (
        <button
          key={act}
          type="button"
          class="button small"
          disabled={narrowed(filter, act) === undefined}
          onClick={() => onAct(act)}
        >
          {label} …
        </button>
      ))}
    </div>
  );
}

function MachineRows({ list, filtered }: { list: MachineList; filtered: boolean }) {
  const { items, next, more, moreError, loadingMore, live, fresh } = list;
  return (
    <>
      {items.length === 0 ? (
        <NoMachines filtered={filtered} more={next !== null} />
      ) : (
        <MachineTable items={items as MachineSummary[]} />
      )}
      {moreError ? <ProblemBox problem={moreError.problem} onRetry={more} /> : null}
      <div class="more-line">
        {next === null ? null : (
          <button type="button" class="button" onClick={more} disabled={loadingMore}>
            {loadingMore ? 'Reading …' : items.length === 0 ? 'Search on' : 'More'}
          </button>
        )}
        {live ? null : (
          <button type="button" class="button quiet" onClick={fresh}>
            Back to the newest, live
          </button>
        )}
      </div>
    </>
  );
}

function NoMachines({ filtered, more }: { filtered: boolean; more: boolean }) {
  if (more) return <Empty title="None found so far">There is more to search.</Empty>;
  if (!filtered) return <Empty title="There are no machines yet">Start one: here, over HTTP, from code, or by a schedule.</Empty>;
  return (
    <Empty title="No machine matches">
      <a href="#/machines">Show all machines</a>
    </Empty>
  );
}
