import type { Machine } from '../../api/types';
import { MachineLink } from '../../parts/links';
import { eventName, stateName } from '../../logic/names';
import { Fact } from '../../parts/fact';
import { JsonTree } from '../../parts/json-tree';
import { Ago, Clock } from '../../parts/when';

/** What is known of it besides, in the order in which one asks. */
export function Facts({ machine, target }: { machine: Machine; target: string | undefined }) {
  const { state, event, lease, timers, deadlineAt, heldBy, parent, replayOf, heartbeat } = machine;
  const on = eventName(event);
  return (
    <section class="panel" aria-labelledby="facts-title">
      <h2 id="facts-title" class="sr-only">
        Facts
      </h2>
      <dl class="facts">
        <Fact name="State">
          <strong>{stateName(state)}</strong>
          {target === undefined ? null : (
            <>
              {' '}
              <span class="faint">→</span> {target} {on === undefined ? null : <span class="dim">on {on}</span>}
            </>
          )}
        </Fact>
        {machine.error === null ? null : (
          <Fact name="Last error">
            <span class="error-text">
              <strong>{machine.error.code}</strong> {machine.error.message}
            </span>
          </Fact>
        )}
        {lease ? (
          <Fact name="Held by">
            {lease.worker}, fence {lease.fence}, until <Clock at={lease.until} />
          </Fact>
        ) : null}
        {heldBy === null ? null : <Fact name="Stopped by hold">{heldBy}</Fact>}
        {timers.map(({ event: timer, at }) => (
          <Fact key={`${timer} ${at}`} name="Timer">
            {timer} <Ago at={at} />, <Clock at={at} />
          </Fact>
        ))}
        {deadlineAt === null ? null : (
          <Fact name="Deadline">
            <Ago at={deadlineAt} />, <Clock at={deadlineAt} />
          </Fact>
        )}
        {parent === null ? null : (
          <Fact name="Parent">
            <MachineLink id={parent.correlationId} />{' '}
            <span class="dim">
              {parent.group} {parent.index}
            </span>
          </Fact>
        )}
        {replayOf ? (
          <Fact name="Replay of">
            <MachineLink id={replayOf.correlationId} /> <span class="dim">step {replayOf.step}</span>
          </Fact>
        ) : null}
        {heartbeat === null || heartbeat === undefined ? null : (
          <Fact name="Heartbeat">
            <JsonTree value={heartbeat} name="Heartbeat" />
          </Fact>
        )}
        <Numbers machine={machine} />
      </dl>
    </section>
  );
}

function Numbers({ machine }: { machine: Machine }) {
  const { steps, retries, maxRetries, fence, createdAt, updatedAt, finishedAt, runId, revision } = machine;
  const tags = Object.entries(machine.tags);
  return (
    <>
      <Fact name="Steps">
        <span class="num">{steps}</span>{' '}
        <span class="dim">
          committed, retry {retries} of {maxRetries}, fence {fence}
        </span>
      </Fact>
      <Fact name="Started">
        <Clock at={createdAt} />{' '}
        <span class="dim">
          (<Ago at={createdAt} />)
        </span>
      </Fact>
      <Fact name={finishedAt === null ? 'Changed' : 'Ended'}>
        <Clock at={finishedAt ?? updatedAt} />{' '}
        <span class="dim">
          (<Ago at={finishedAt ?? updatedAt} />)
        </span>
      </Fact>
      {tags.length > 0 ? (
        <Fact name="Tags">
          {tags.map(([key, value]) => (
            <a key={key} class="tag" href={`#/machines?${new URLSearchParams({ tag: `${key}:${value}` }).toString()}`}>
              {key}: {value}
            </a>
          ))}
        </Fact>
      ) : null}
      <Fact name="Run">
        <span class="mono dim wrap">
          {runId} rev {revision}
        </span>
      </Fact>
    </>
  );
}
