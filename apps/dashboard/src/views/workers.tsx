import { stile } from '../api/stile';
import type { Worker } from '../api/types';
import { usePoll } from '../hooks/use-poll';
import { useTitle } from '../hooks/use-title';
import { counted } from '../logic/numbers';
import { duration } from '../logic/time';
import { Fact } from '../parts/fact';
import { DefinitionLink } from '../parts/links';
import { PageHead } from '../parts/page-head';
import { Empty, Loaded } from '../parts/states';
import { Ago } from '../parts/when';

const LOOK_MS = 2000;
/** From here on a worker renews its leases late. */
const LAG_MS = 1000;
/** One that has not been seen for so long takes no jobs, or cannot say so. */
const SEEN_MS = 5000;

export function WorkersView() {
  useTitle('Workers');
  const workers = usePoll('workers', async (signal) => (await stile.workers(signal)).items, LOOK_MS);
  return (
    <>
      <PageHead title="Workers" note={workers.data ? counted(workers.data.length, 'worker') : ' '} />
      <Loaded of={workers} what="the workers">
        {(items) =>
          items.length === 0 ? (
            <Empty title="No worker has been seen">
              <p>
                Machines stand until one comes: <code>npx stile worker</code>.
              </p>
            </Empty>
          ) : (
            <ul class="cards workers">
              {items.map((worker) => (
                <WorkerCard key={worker.name} worker={worker} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </>
  );
}

function WorkerCard({ worker }: { worker: Worker }) {
  const { name, host, pid, startedAt, queues, concurrency, active, lagMs = 0, lastSeenMs, lastJobMs, definitions = [] } = worker;
  const late = lastSeenMs > SEEN_MS;
  return (
    <li class={late ? 'card card-failing' : 'card'} data-worker={name}>
      <header class="card-head">
        <h2 class="mono wrap">{name}</h2>
        <span class={late ? 'error-text' : 'dim'}>seen {duration(lastSeenMs)} ago</span>
      </header>
      <div class="load">
        <meter
          min={0}
          max={Math.max(1, concurrency ?? active)}
          value={active}
          aria-label={concurrency ? `${active} of ${concurrency} places taken` : `${active} machines in hand`}
        />
        <span class="num">
          {active}
          {concurrency ? ` / ${concurrency}` : ''}
        </span>
      </div>
      <dl class="facts">
        <Fact name="Queues">{queues.join(', ')}</Fact>
        <Fact name="Event-loop lag">
          <span class={lagMs >= LAG_MS ? 'error-text' : undefined}>{duration(lagMs)}</span>
        </Fact>
        {lastJobMs === undefined ? null : (
          <Fact name="Last job">{lastJobMs === null ? 'none yet' : `${duration(lastJobMs)} ago`}</Fact>
        )}
        {host ? (
          <Fact name="Process">
            {host}
            {pid ? `, pid ${pid}` : ''}
          </Fact>
        ) : null}
        {startedAt ? (
          <Fact name="Started">
            <Ago at={startedAt} />
          </Fact>
        ) : null}
        {definitions.length === 0 ? null : (
          <Fact name="Definitions">
            {definitions.map((each, index) => (
              <span key={`${each.name}@${each.version}`}>
                {index > 0 ? ', ' : ''}
                <DefinitionLink {...each} />
              </span>
            ))}
          </Fact>
        )}
      </dl>
    </li>
  );
}
