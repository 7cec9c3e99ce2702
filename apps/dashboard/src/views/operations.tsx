import { stile } from '../api/stile';
import { usePoll } from '../hooks/use-poll';
import { useTitle } from '../hooks/use-title';
import { whole } from '../logic/numbers';
import { OperationCard } from '../parts/operation-card';
import { PageHead } from '../parts/page-head';
import { Empty, Loaded } from '../parts/states';

const LOOK_MS = 1500;

/** What is being done to many machines, and what was in the last days. */
export function OperationsView() {
  useTitle('Operations');
  const operations = usePoll('operations', async (signal) => (await stile.operations(signal)).items, LOOK_MS);
  const running = operations.data?.filter(({ status }) => status === 'running').length ?? 0;
  return (
    <>
      <PageHead title="Operations" note={operations.data ? `${running === 0 ? 'none' : whole(running)} running` : ' '} />
      <Loaded of={operations} what="the operations">
        {(items) =>
          items.length === 0 ? (
            <Empty title="There have been no operations">
              <p>
                Act on many <a href="#/machines">machines</a> at once, or redrive <a href="#/failures">failures</a>: it is shown
                here for 7 days.
              </p>
            </Empty>
          ) : (
            <div class="operations">
              {items.map((operation) => (
                <OperationCard key={operation.id} operation={operation} onChange={operations.reload} />
              ))}
            </div>
          )
        }
      </Loaded>
    </>
  );
}
