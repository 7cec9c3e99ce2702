import { useState } from 'preact/hooks';
import { stile } from '../api/stile';
import type { Hold, Schedule } from '../api/types';
import { notify } from '../hooks/notices';
import { usePoll } from '../hooks/use-poll';
import { useTitle } from '../hooks/use-title';
import { hrefOf } from '../logic/routes';
import { counted, whole } from '../logic/numbers';
import { duration } from '../logic/time';
import { FormDialog } from '../parts/form-dialog';
import { DefinitionLink, MachineLink } from '../parts/links';
import { PageHead } from '../parts/page-head';
import { Empty, Loaded } from '../parts/states';
import { Ago, Clock } from '../parts/when';

const LOOK_MS = 3000;

interface Asked {
  readonly schedule: Schedule;
  readonly act: 'trigger' | 'start' | 'stop';
}

/** What starts machines by the clock, and what holds them: both act on machines that nobody looks at. */
export function SchedulesView() {
  useTitle('Schedules');
  const schedules = usePoll('schedules', async (signal) => (await stile.schedules(signal)).items, LOOK_MS);
  const [asked, setAsked] = useState<Asked>();
  return (
    <>
      <PageHead title="Schedules" note={schedules.data ? counted(schedules.data.length, 'schedule') : ' '} />
      <Loaded of={schedules} what="the schedules">
        {(items) =>
          items.length === 0 ? (
            <Empty title="There are no schedules">
              <p>
                <code>PUT /v1/schedules/nightly</code> makes one; see <a href="/docs">the API</a>.
              </p>
            </Empty>
          ) : (
            <ul class="groups">
              {items.map((schedule) => (
                <Item key={schedule.name} schedule={schedule} onAsk={(act) => setAsked({ schedule, act })} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <Holds />
      {asked ? <ScheduleDialog {...asked} onClose={() => setAsked(undefined)} onDone={schedules.reload} /> : null}
    </>
  );
}

function Item({ schedule, onAsk }: { schedule: Schedule; onAsk: (act: Asked['act']) => void }) {
  const { name, machine, version, cron, timeZone, everyMs, overlap, stopped, nextAt, lastCorrelationId, lastSlot, error } =
    schedule;
  return (
    <li class="group" data-schedule={name}>
      <div class="group-main">
        <p>
          <strong class="mono">{name}</strong> starts <DefinitionLink name={machine} version={version} />{' '}
          {cron === null ? `every ${duration(everyMs ?? 0)}` : <code>{cron}</code>}
          {timeZone === null ? '' : ` in ${timeZone}`}
          <span class="dim"> · overlap {overlap}</span>
        </p>
        <p class="dim">
          {stopped ? (
            <strong class="warn-text">stopped</strong>
          ) : nextAt === null ? (
            'no further slot'
          ) : (
            <>
              next <Ago at={nextAt} />, <Clock at={nextAt} />
            </>
          )}
          {lastCorrelationId === null || lastSlot === null ? null : (
            <>
              {' · last '}
              <MachineLink id={lastCorrelationId} /> <Ago at={lastSlot} />
            </>
          )}
          {` · ${talliesOf(schedule)}`}
        </p>
        {error === null ? null : (
          <p class="error-text">
            <strong>{error.code}</strong> {error.message}{' '}
            <span class="dim">
              (slot <Clock at={error.slot} />)
            </span>
          </p>
        )}
      </div>
      <div class="group-acts">
        <button type="button" class="button small" onClick={() => onAsk('trigger')} aria-label={`Trigger ${name}`}>
          Trigger
        </button>
        <button
          type="button"
          class="button small"
          onClick={() => onAsk(stopped ? 'start' : 'stop')}
          aria-label={`${stopped ? 'Start' : 'Stop'} ${name}`}
        >
          {stopped ? 'Start' : 'Stop'}
        </button>
      </div>
    </li>
  );
}

function talliesOf({ started, missed, skipped, failed, waiting }: Schedule): string {
  const parts = [
    [started, 'started'],
    [waiting, 'waiting'],
    [missed, 'missed'],
    [skipped, 'skipped'],
    [failed, 'failed'],
  ] as const;
  return parts
    .filter(([count, word]) => count > 0 || word === 'started')
    .map(([count, word]) => `${whole(count)} ${word}`)
    .join(', ');
}

const TEXTS = {
  trigger: { verb: 'Trigger', text: 'It starts its machine now, besides its slots.' },
  stop: { verb: 'Stop', text: 'No further slot is started until it is started again. Slots until then are missed.' },
  start: { verb: 'Start', text: 'It goes on with its next slot.' },
} as const;

function ScheduleDialog({ schedule: { name }, act, onClose, onDone }: Asked & { onClose: () => void; onDone: () => void }) {
  const { verb, text } = TEXTS[act];
  const submit = async (): Promise<void> => {
    if (act === 'trigger') {
      const { correlationId } = await stile.trigger(name);
      notify(`${correlationId} is started`, hrefOf({ view: 'machine', id: correlationId }));
    } else {
      await stile.switchSchedule(name, act);
      notify(`${name} is ${act === 'stop' ? 'stopped' : 'started'}`);
    }
    onDone();
  };
  return (
    <FormDialog title={`${verb} ${name}`} verb={verb} asksWhy={false} onClose={onClose} submit={submit}>
      {() => <p>{text}</p>}
    </FormDialog>
  );
}

function Holds() {
  const holds = usePoll('holds', async (signal) => (await stile.holds(signal)).items, LOOK_MS);
  const [lifting, setLifting] = useState<Hold>();
  if (!holds.data || holds.data.length === 0) return null;
  return (
    <section aria-labelledby="holds-title" class="section">
      <h2 id="holds-title">Holds</h2>
      <ul class="groups">
        {holds.data.map((hold) => (
          <li key={hold.name} class="group" data-hold={hold.name}>
            <div class="group-main">
              <p>
                <strong class="mono">{hold.name}</strong> holds {counted(hold.held, 'machine')}
              </p>
              <p class="dim">
                since <Ago at={hold.since} />
                {hold.by ? ` by ${hold.by}` : ''}
                {hold.why ? `: “${hold.why}”` : ''}
              </p>
            </div>
            <div class="group-acts">
              <button type="button" class="button small" onClick={() => setLifting(hold)} aria-label={`Lift ${hold.name}`}>
                Lift
              </button>
            </div>
          </li>
        ))}
      </ul>
      {lifting ? (
        <FormDialog
          title={`Lift the hold on ${lifting.name}`}
          verb="Lift"
          asksWhy={false}
          onClose={() => setLifting(undefined)}
          submit={async () => {
            await stile.lift(lifting);
            notify(`${lifting.name} is not held any more`);
            holds.reload();
          }}
        >
          {() => <p>What it has stopped goes on: {counted(lifting.held, 'machine')}.</p>}
        </FormDialog>
      ) : null}
    </section>
  );
}
