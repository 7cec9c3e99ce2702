import { useMemo, useState } from 'preact/hooks';
import { stile } from '../api/stile';
import type { Definition, Figures, StateFigures } from '../api/types';
import { useOverview } from '../hooks/overview';
import { usePoll } from '../hooks/use-poll';
import { go } from '../hooks/use-route';
import { useTitle } from '../hooks/use-title';
import { liveOf, tally, withFailures, type Tally } from '../logic/counts';
import { ALL, queryOf } from '../logic/filter';
import { marksOfCounts } from '../logic/graph-marks';
import { rate, whole } from '../logic/numbers';
import { hrefOf } from '../logic/routes';
import { duration } from '../logic/time';
import { Graph } from '../parts/graph';
import { Icon } from '../parts/icon';
import { PageHead } from '../parts/page-head';
import { Loaded } from '../parts/states';
import { StartDialog } from './start-dialog';

const FIGURES_MS = 5000;

/** One definition: its graph with counts, and how fast machines pass through each state. */
export function DefinitionView({ name, version }: { name: string; version?: number | undefined }) {
  useTitle(name);
  const definition = usePoll(`definition ${name}@${version ?? ''}`, (signal) => stile.definition(name, version, signal));
  const [starting, setStarting] = useState(false);
  return (
    <>
      <PageHead
        title={<span class="mono">{name}</span>}
        note={definition.data ? <Versions definition={definition.data} /> : null}
      >
        <a class="button" href={hrefOf({ view: 'machines', query: queryOf({ ...ALL, machine: name }).toString() })}>
          Machines
        </a>
        <button type="button" class="button primary" onClick={() => setStarting(true)}>
          <Icon name="plus" />
          Start a machine
        </button>
      </PageHead>
      <Loaded of={definition} what="the definition">
        {(loaded) => <Body definition={loaded} />}
      </Loaded>
      {starting ? <StartDialog machine={name} onClose={() => setStarting(false)} /> : null}
    </>
  );
}

function Versions({ definition }: { definition: Definition }) {
  const { name, version, versions = [version], queue, maxRetries, deadline } = definition;
  return (
    <>
      {versions.length > 1 ? 'Versions ' : 'Version '}
      {versions.map((each, index) => (
        <span key={each}>
          {index > 0 ? ', ' : ''}
          {each === version ? (
            <strong aria-current="true">{each}</strong>
          ) : (
            <a href={hrefOf({ view: 'definition', name, version: each })}>{each}</a>
          )}
        </span>
      ))}
      {' · '}queue {queue} · {maxRetries} retries
      {deadline ? ` · deadline ${duration(deadline.afterMs)}` : ''}
    </>
  );
}

function Body({ definition }: { definition: Definition }) {
  const { name, version } = definition;
  const { counts, failures } = useOverview();
  const figures = usePoll(`figures ${name}@${version}`, (signal) => stile.figures(name, version, signal), FIGURES_MS);
  const counted = useMemo(
    () => withFailures(tally(counts.data ?? [], name, version), failures.data ?? [], name, version),
    [counts.data, failures.data, name, version],
  );
  const marks = useMemo(() => marksOfCounts(definition, counted), [definition, counted]);
  return (
    <div class="definition">
      <section class="panel" aria-label="Graph">
        <Graph
          {...{ name, version, marks }}
          label={`Graph of ${name}, version ${version}`}
          onState={(state) => go({ view: 'machines', query: stateQuery(definition, state) })}
        />
        <p class="legend">
          <span class="legend-live">live</span> <span class="legend-failed">failed</span> <span class="legend-ended">ended</span>
        </p>
      </section>
      <section class="panel" aria-labelledby="states-title">
        <header class="panel-head">
          <h2 id="states-title">States</h2>
          {figures.data ? <span class="dim">of the last {duration(figures.data.windowMs)}</span> : null}
        </header>
        <StateTable definition={definition} counts={counted} figures={figures.data} />
      </section>
    </div>
  );
}

function stateQuery({ name, version }: Definition, state: string): string {
  return queryOf({ ...ALL, machine: name, version, state }).toString();
}

function StateTable({ definition, counts, figures }: { definition: Definition; counts: Tally; figures: Figures | undefined }) {
  const byState = new Map(figures?.states.map((item) => [item.state, item]));
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Figures of the states">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col" class="right">
              Live
            </th>
            <th scope="col" class="right">
              Failed
            </th>
            <th scope="col" class="right">
              Ended
            </th>
            {figures ? <FigureHeads /> : null}
          </tr>
        </thead>
        <tbody>
          {Object.values(definition.states).map(({ name, final }) => {
            const at = counts.byState.get(name) ?? {};
            return (
              <tr key={name} data-state={name}>
                <th scope="row">
                  <a href={`#/machines?${stateQuery(definition, name)}`}>{name}</a>
                  {final ? <span class="dim"> final</span> : null}
                </th>
                <Count count={liveOf(at)} tone="live" />
                <Count count={at.failed ?? 0} tone="failed" />
                <Count count={(at.completed ?? 0) + (at.cancelled ?? 0)} tone="ended" />
                {figures ? <FigureCells of={byState.get(name)} /> : null}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function FigureHeads() {
  const heads = [
    ['per min', 'Attempts that ended, a minute'],
    ['run p50', 'Time of one attempt, median'],
    ['run p95', 'Time of one attempt, 95 of 100 are faster'],
    ['dwell p50', 'From entering the state to leaving it, median'],
    ['dwell p95', 'From entering the state to leaving it, 95 of 100 are faster'],
  ] as const;
  return (
    <>
      {heads.map(([text, title]) => (
        <th key={text} scope="col" class="right" title={title}>
          {text}
        </th>
      ))}
    </>
  );
}

function FigureCells({ of }: { of: StateFigures | undefined }) {
  const times = [of?.p50Ms, of?.p95Ms, of?.dwellP50Ms, of?.dwellP95Ms];
  return (
    <>
      <td class="right num">{of ? rate(of.perMinute) : <None />}</td>
      {times.map((ms, index) => (
        <td key={index} class="right num">
          {ms === undefined || ms === null ? <None /> : duration(ms)}
        </td>
      ))}
    </>
  );
}

function Count({ count, tone }: { count: number; tone: string }) {
  return <td class={`right num${count > 0 ? ` count-${tone}` : ''}`}>{count === 0 ? <None /> : whole(count)}</td>;
}

function None() {
  return (
    <span class="faint">
      <span aria-hidden="true">–</span>
      <span class="sr-only">none</span>
    </span>
  );
}
