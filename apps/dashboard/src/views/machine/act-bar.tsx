import { useState } from 'preact/hooks';
import type { Definition, HistoryItem, Machine } from '../../api/types';
import { actsFor, type ActName } from '../../logic/acts';
import { CancelDialog, MoveDialog, PlainDialog, ReplayDialog, SendDialog } from './act-dialogs';
import { EditDialog } from './edit-dialog';

const LABELS: Readonly<Record<ActName, string>> = {
  send: 'Send event',
  retry: 'Retry',
  edit: 'Edit context',
  resume: 'Resume',
  pause: 'Pause',
  move: 'Move',
  cancel: 'Cancel',
  replay: 'Replay',
};

interface Props {
  readonly machine: Machine;
  readonly definition: Definition | undefined;
  readonly history: readonly HistoryItem[];
  readonly onActed: () => void;
}

/** What can be done to it as it is; each opens a dialog that says what it does. */
export function ActBar(props: Props) {
  const { machine } = props;
  const [act, setAct] = useState<ActName>();
  const acts = actsFor(machine);
  return (
    <>
      <div class="acts" role="group" aria-label="What can be done">
        {acts.map((name, index) => (
          <button
            key={name}
            type="button"
            class={name === 'cancel' ? 'button danger-quiet' : index === 0 && name !== 'replay' ? 'button primary' : 'button'}
            onClick={() => setAct(name)}
          >
            {name === 'edit' ? (machine.status === 'failed' ? 'Edit context and retry' : 'Edit context') : LABELS[name]}
          </button>
        ))}
      </div>
      {act === undefined ? null : <ActDialog {...props} act={act} onClose={() => setAct(undefined)} />}
    </>
  );
}

export interface DialogProps extends Props {
  readonly onClose: () => void;
}

function ActDialog({ act, ...props }: DialogProps & { act: ActName }) {
  switch (act) {
    case 'send':
      return <SendDialog {...props} />;
    case 'edit':
      return <EditDialog {...props} />;
    case 'move':
      return <MoveDialog {...props} />;
    case 'cancel':
      return <CancelDialog {...props} />;
    case 'replay':
      return <ReplayDialog {...props} />;
    default:
      return <PlainDialog {...props} act={act} />;
  }
}
