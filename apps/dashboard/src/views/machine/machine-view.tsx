import { useEffect, useMemo, useState } from 'preact/hooks';
import { stile } from '../../api/stile';
import type { Machine } from '../../api/types';
import { usePoll } from '../../hooks/use-poll';
import { useStream } from '../../hooks/use-stream';
import { useTitle } from '../../hooks/use-title';
import { marksOfMachine, targetInHand } from '../../logic/graph-marks';
import { eventName, stateName } from '../../logic/names';
import type { Told } from '../../logic/stream';
import { wayOf } from '../../logic/way';
import { Graph } from '../../parts/graph';
import { DefinitionLink } from '../../parts/links';
import { Loaded } from '../../parts/states';
import { Status } from '../../parts/status';
import { ActBar } from './act-bar';
import { Children } from './children';
import { ContextPanel } from './context-panel';
import { Facts } from './facts';
import { Inbox } from './inbox';
import { Timeline } from './timeline';
import { WhyLine } from './why-line';

const LOOK_MS = 2000;

/** One machine: what it does, why it does not move, and what can be done about it. */
export function MachineView({ id }: { id: string }) {
  useTitle(id);
  const [epoch, setEpoch] = useState(0);
  const { told, connected } = useStream(id, epoch);
  const machine = usePoll(`machine ${id}`, (signal) => stile.machine(id, signal), LOOK_MS);
  const why = usePoll(`explain ${id}`, (signal) => stile.explain(id, signal), LOOK_MS);

  // The stream says when; what is shown is read whole, so that no part of it is older than another.
  useEffect(() => {
    machine.reload();
    why.reload();
  }, [told.items.length, told.machine?.status]);
  // Its end is not for good: a failed machine may be edited, retried or moved, here or by somebody else.
  useEffect(() => {
    if (told.ended && machine.data && machine.data.revision !== told.machine?.revision) setEpoch((old) => old + 1);
  }, [told.ended, machine.data?.revision]);

  const acted = (): void => {
    machine.reload();
    why.reload();
    setEpoch((old) => old + 1);
  };
  return (
    <div class="machine">
      {machine.data ? <Head machine={machine.data} live={connected} /> : <h1 class="mono id">{id}</h1>}
      <WhyLine why={why} />
      <Loaded of={machine} what="the machine">
        {(loaded) => <Body machine={loaded} told={told} onActed={acted} />}
      </Loaded>
    </div>
  );
}

function Head({ machine, live }: { machine: Machine; live: boolean }) {
  const { correlationId, machine: name, version, status, asked } = machine;
  return (
    <header class="machine-head">
      <div class="machine-title">
        <h1 class="mono id">{correlationId}</h1>
        <Status status={status} asked={asked} />
        <span class={live ? 'live live-on' : 'live'} role="status">
          {live ? 'live' : 'connecting …'}
        </span>
      </div>
      <p class="page-note">
        <DefinitionLink name={name} version={version} />
        {' · '}
        {stateName(machine.state)}
        {` · step ${machine.steps}`}
        {machine.retries > 0 ? ` · retry ${machine.retries} of ${machine.maxRetries}` : ''}
      </p>
    </header>
  );
}

function Body({ machine, told, onActed }: { machine: Machine; told: Told; onActed: () => void }) {
  const { machine: name, version } = machine;
  const definition = usePoll(`definition ${name}@${version}`, (signal) => stile.definition(name, version, signal));
  const way = useMemo(() => wayOf(told.items, machine.state), [told.items, machine.state]);
  const marks = useMemo(() => marksOfMachine(definition.data, machine, way), [definition.data, machine, way]);
  const target = targetInHand(definition.data, machine);
  return (
    <>
      <ActBar machine={machine} definition={definition.data} history={told.items} onActed={onActed} />
      <div class="machine-body">
        <div class="machine-main">
          <section class="panel" aria-label="Graph">
            <Graph {...{ name, version, marks }} label={graphLabel(machine, target)} />
          </section>
          <Timeline told={told} context={machine.context} />
        </div>
        <div class="machine-side">
          <Facts machine={machine} target={target} />
          <ContextPanel machine={machine} />
          <Inbox machine={machine} onActed={onActed} />
          <Children machine={machine} />
        </div>
      </div>
    </>
  );
}

function graphLabel({ machine, state, status, event }: Machine, target: string | undefined): string {
  const on = eventName(event);
  const next = target === undefined ? '' : `, ${on === undefined ? '' : `on ${on} `}about to enter ${target}`;
  return `Graph of ${machine}: it is in ${stateName(state)}, ${status}${next}`;
}
