import { useState } from 'preact/hooks';
import { ApiError } from '../api/http';
import { serverNow } from '../api/server-clock';
import { stile } from '../api/stile';
import type { Operation, Problem } from '../api/types';
import { usePoll } from '../hooks/use-poll';
import { whole } from '../logic/numbers';
import { progressOf, resultsOf, titleOf } from '../logic/operation-text';
import { clock } from '../logic/time';
import { ProblemBox } from './problem-box';
import { Loading } from './states';
import { Ago } from './when';

const LIVE_MS = 1000;

/** One operation, followed until it ends. */
export function OperationById({ id, onHide }: { id: string; onHide?: () => void }) {
  const [ended, setEnded] = useState(false);
  const polled = usePoll(`operation ${id}`, (signal) => stile.operation(id, signal), ended ? undefined : LIVE_MS);
  if (polled.data && polled.data.status !== 'running' && !ended) setEnded(true);
  if (polled.data) return <OperationCard operation={polled.data} onChange={polled.reload} {...(onHide ? { onHide } : {})} />;
  return polled.error ? <ProblemBox problem={polled.error.problem} onRetry={polled.reload} /> : <Loading what="the operation" />;
}

interface Props {
  readonly operation: Operation;
  readonly onChange: () => void;
  readonly onHide?: () => void;
}

export function OperationCard({ operation, onChange, onHide }: Props) {
  const { id, status, by, why, startedAt, finishedAt, stoppedBecause, reasons } = operation;
  const title = titleOf(operation, (iso) => clock(iso, serverNow()));
  const codes = Object.entries(reasons);
  return (
    <article class={`operation operation-${status}`} aria-label={title} data-operation={id}>
      <header class="operation-head">
        <h3>{title}</h3>
        <span class={`operation-status operation-status-${stoppedBecause === 'they fail again' ? 'failing' : status}`}>
          {stoppedBecause === 'they fail again' ? 'stopped: they fail again' : status}
        </span>
      </header>
      <Progress operation={operation} />
      <p class="operation-results num">{resultsOf(operation).join(' · ')}</p>
      {codes.length > 0 ? (
        <p class="dim">Refused with {codes.map(([code, count]) => `${code} (${whole(count)})`).join(', ')}</p>
      ) : null}
      <footer class="operation-foot">
        <span>
          started <Ago at={startedAt} />
          {by === '' ? null : ` by ${by}`}
          {why ? <>: “{why}”</> : null}
          {finishedAt === null ? null : (
            <>
              , ended <Ago at={finishedAt} />
            </>
          )}
        </span>
        <span class="operation-acts">
          {status === 'running' ? <StopButton id={id} onChange={onChange} /> : null}
          {onHide && status !== 'running' ? (
            <button type="button" class="button small quiet" onClick={onHide}>
              Hide
            </button>
          ) : null}
        </span>
      </footer>
    </article>
  );
}

function Progress({ operation }: { operation: Operation }) {
  const done = progressOf(operation);
  const { matched, total } = operation;
  const text = total === undefined || total === null ? whole(matched) : `${whole(matched)} of about ${whole(total)}`;
  return (
    <div class="progress-line">
      <progress class="progress" max={1} {...(done === undefined ? {} : { value: done })} aria-label="Progress" />
      <span class="num progress-text">{text}</span>
    </div>
  );
}

/** No dialog: stopping harms nothing, and has to be quick. */
function StopButton({ id, onChange }: { id: string; onChange: () => void }) {
  const [problem, setProblem] = useState<Problem>();
  const stop = async (): Promise<void> => {
    try {
      await stile.stopOperation(id);
      onChange();
    } catch (error) {
      if (error instanceof ApiError) setProblem(error.problem);
    }
  };
  return (
    <>
      {problem ? <ProblemBox problem={problem} /> : null}
      <button type="button" class="button small" onClick={() => void stop()}>
        Stop
      </button>
    </>
  );
}
