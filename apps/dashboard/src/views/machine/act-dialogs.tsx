import { useState } from 'preact/hooks';
import { stile } from '../../api/stile';
import type { HistoryItem } from '../../api/types';
import { notify } from '../../hooks/notices';
import { go } from '../../hooks/use-route';
import { legalEvents, type LegalEvent } from '../../logic/legal-events';
import { eventName, stateName } from '../../logic/names';
import { readJson } from '../../logic/text-fields';
import { SelectField, TextArea, TextField } from '../../parts/field';
import { FieldFault, FormDialog } from '../../parts/form-dialog';
import type { DialogProps } from './act-bar';

const PLAIN = {
  retry: {
    verb: 'Retry',
    done: 'tries its step again',
    text: 'It tries its failed step again, with all its retries and without its deadline.',
  },
  pause: {
    verb: 'Pause',
    done: 'is paused',
    text: 'A step in hand commits, then it rests until it is resumed. Events are kept, timers wait.',
  },
  resume: { verb: 'Resume', done: 'goes on', text: 'It goes on where it was. What came due meanwhile is due now.' },
} as const;

/** Acts that need nothing but to be confirmed. */
export function PlainDialog({ act, machine, onClose, onActed }: DialogProps & { act: keyof typeof PLAIN }) {
  const { verb, done, text } = PLAIN[act];
  const id = machine.correlationId;
  return (
    <FormDialog
      title={`${verb} ${id}`}
      verb={verb}
      onClose={onClose}
      submit={async (why) => {
        await stile.steer(id, act, why);
        notify(`${id} ${done}`);
        onActed();
      }}
    >
      {() => <p>{text}</p>}
    </FormDialog>
  );
}

export function CancelDialog({ machine, definition, onClose, onActed }: DialogProps) {
  const [mode, setMode] = useState<'graceful' | 'now'>('graceful');
  const id = machine.correlationId;
  const onCancel = definition?.onCancel;
  return (
    <FormDialog
      title={`Cancel ${id}`}
      verb={mode === 'now' ? 'Cancel now' : 'Cancel'}
      danger
      fields={['mode']}
      onClose={onClose}
      submit={async (why) => {
        await stile.steer(id, 'cancel', { mode, ...why });
        notify(`${id} is cancelled`);
        onActed();
      }}
    >
      {() => (
        <>
          <p>Once cancelled it stays so. Children that do not outlive it are cancelled, too.</p>
          <fieldset class="choices">
            <legend>How</legend>
            <label class="choice">
              <input type="radio" name="mode" checked={mode === 'graceful'} onChange={() => setMode('graceful')} />
              <span>
                <strong>Gracefully</strong>: a running action is aborted
                {onCancel ? (
                  <>
                    , then <code>{onCancel}</code> cleans up
                  </>
                ) : (
                  '; this definition has no state that cleans up'
                )}
              </span>
            </label>
            <label class="choice">
              <input type="radio" name="mode" checked={mode === 'now'} onChange={() => setMode('now')} />
              <span>
                <strong>Now</strong>: at once, nothing cleans up, the commit of a running step is refused
              </span>
            </label>
          </fieldset>
        </>
      )}
    </FormDialog>
  );
}

const BECOMES = { taken: 'taken now', kept: 'kept for a later state', ignored: 'ignored here', refused: 'refused here' } as const;

function eventLabel({ event, now, target }: LegalEvent): string {
  return `${event}: ${BECOMES[now]}${target === undefined ? '' : ` → ${target}`}`;
}

export function SendDialog({ machine, definition, onClose, onActed }: DialogProps) {
  const legal = definition ? legalEvents(definition, machine.state) : [];
  const [event, setEvent] = useState(legal[0]?.event ?? '');
  const [data, setData] = useState('');
  const [dedupeId, setDedupeId] = useState('');
  const id = machine.correlationId;
  const send = async (): Promise<void> => {
    const read = readJson(data);
    if ('problem' in read) throw new FieldFault('data', read.problem);
    const { outcome } = await stile.send(id, {
      event,
      ...(read.value === undefined ? {} : { data: read.value }),
      ...(dedupeId.trim() === '' ? {} : { dedupeId: dedupeId.trim() }),
    });
    notify(`${event} is sent to ${id}: ${outcome}`);
    onActed();
  };
  return (
    <FormDialog
      title={`Send an event to ${id}`}
      verb={`Send ${event}`}
      asksWhy={false}
      disabled={event === ''}
      fields={['event', 'data', 'dedupeId']}
      onClose={onClose}
      submit={send}
    >
      {(problems) => (
        <>
          <SelectField
            label="Event"
            {...{ value: event, onChange: setEvent, problem: problems.event }}
            options={legal.map((each) => [each.event, eventLabel(each)])}
            hint={
              <>
                It is in <code>{stateName(machine.state)}</code>.
              </>
            }
            autofocus
          />
          <TextArea
            label="Data (JSON)"
            {...{ value: data, onInput: setData, problem: problems.data }}
            hint="May be left empty."
          />
          <TextField
            label="Dedupe id"
            {...{ value: dedupeId, onInput: setDedupeId, problem: problems.dedupeId }}
            hint="The same one twice is one event. May be left empty."
            mono
          />
        </>
      )}
    </FormDialog>
  );
}

export function MoveDialog({ machine, definition, onClose, onActed }: DialogProps) {
  const states = Object.keys(definition?.states ?? {});
  const [state, setState] = useState(states.find((name) => name !== machine.state) ?? '');
  const id = machine.correlationId;
  return (
    <FormDialog
      title={`Move ${id}`}
      verb={`Move to ${state}`}
      disabled={state === ''}
      fields={['state']}
      onClose={onClose}
      submit={async (why) => {
        await stile.steer(id, 'move', { state, ...why });
        notify(`${id} is moved to ${state}`);
        onActed();
      }}
    >
      {(problems) => (
        <>
          <p>
            Its next step enters that state, whose actions run; exit actions of <code>{stateName(machine.state)}</code> do not.
            {machine.status === 'paused' ? ' It stays paused until it is resumed.' : ''}
          </p>
          <SelectField
            label="State"
            {...{ value: state, onChange: setState, problem: problems.state }}
            options={states.map((name) => [name, name])}
            autofocus
          />
        </>
      )}
    </FormDialog>
  );
}

function stepLabel({ steps, from, to, event }: HistoryItem): string {
  const on = eventName(event);
  return `${steps}: ${stateName(from)} → ${stateName(to)}${on === undefined ? '' : ` on ${on}`}`;
}

export function ReplayDialog({ machine, history, onClose }: DialogProps) {
  const steps = [
    ...new Map(
      history.filter(({ outcome }) => outcome === 'committed' || outcome === 'failed').map((item) => [item.steps, item]),
    ).values(),
  ];
  const [step, setStep] = useState(String(steps[0]?.steps ?? 0));
  const [newId, setNewId] = useState('');
  const id = machine.correlationId;
  return (
    <FormDialog
      title={`Replay ${id}`}
      verb="Start the replay"
      fields={['step', 'correlationId']}
      onClose={onClose}
      submit={async (why) => {
        const request = { step: Number(step), ...(newId.trim() === '' ? {} : { correlationId: newId.trim() }), ...why };
        const started = await stile.replay(id, request);
        notify(`${started.correlationId} is started from step ${step} of ${id}`);
        go({ view: 'machine', id: started.correlationId });
      }}
    >
      {(problems) => (
        <>
          <p>
            A new machine begins with the state, the event and the context of that step. This one stays as it is; what actions do
            to others is done again.
          </p>
          <SelectField
            label="From step"
            {...{ value: step, onChange: setStep, problem: problems.step }}
            options={steps.map((item) => [String(item.steps), stepLabel(item)])}
            autofocus
          />
          <TextField
            label="Id of the new machine"
            {...{ value: newId, onInput: setNewId, problem: problems.correlationId }}
            hint="A new one when left empty."
            mono
          />
        </>
      )}
    </FormDialog>
  );
}
