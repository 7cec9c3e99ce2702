import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { ApiError } from '../api/http';
import type { Act, Problem } from '../api/types';
import { useStored } from '../hooks/use-stored';
import { sortOut } from '../logic/problem';
import { Dialog } from './dialog';
import { TextField } from './field';
import { ProblemBox } from './problem-box';

const MAX_BY = 128;
const MAX_WHY = 1000;

/** Thrown by `submit` for what the page itself can tell is wrong, before anything is sent. */
export class FieldFault extends Error {
  constructor(
    readonly field: string,
    readonly problem: string,
  ) {
    super(problem);
  }
}

interface Props {
  readonly title: string;
  /** On the button that does it, e.g. `Pause`. */
  readonly verb: string;
  readonly danger?: boolean;
  readonly wide?: boolean;
  readonly disabled?: boolean;
  /** Asks who does it and why; the history tells. */
  readonly asksWhy?: boolean;
  /** Names of the fields, as problems name them. */
  readonly fields?: readonly string[];
  readonly onClose: () => void;
  /** Closes the dialog when it resolves, shows the problem when it rejects. */
  readonly submit: (act: Act) => Promise<void>;
  readonly children?: (problems: Readonly<Record<string, string>>) => ComponentChildren;
}

const BY_AND_WHY = ['by', 'why'];

/** A confirm: what will happen, what has to be said for it, and what went wrong when it was tried. */
export function FormDialog({ fields = [], asksWhy = true, onClose, submit, children, ...look }: Props) {
  const [by, setBy] = useStored('by', '');
  const [why, setWhy] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const sorted = sortOut(problem ?? { status: 0, code: '', title: '', detail: '' }, [...fields, ...(asksWhy ? BY_AND_WHY : [])]);

  const act = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await submit({ ...(by.trim() === '' ? {} : { by: by.trim() }), ...(why.trim() === '' ? {} : { why: why.trim() }) });
      onClose();
    } catch (error) {
      setProblem(problemFrom(error));
      setBusy(false);
    }
  };

  return (
    <Dialog title={look.title} onClose={onClose} wide={look.wide}>
      <form
        class="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void act();
        }}
      >
        <div class="dialog-body">
          {children?.(sorted.byField)}
          {asksWhy ? (
            <div class="who">
              <TextField
                label="Who"
                {...{ value: by, onInput: setBy, maxLength: MAX_BY, problem: sorted.byField.by }}
                placeholder="you@example.com"
                hint="Kept in this browser."
              />
              <TextField
                label="Why"
                {...{ value: why, onInput: setWhy, maxLength: MAX_WHY, problem: sorted.byField.why }}
                hint="Both are told in the history."
              />
            </div>
          ) : null}
          {problem && !saidAtFields(problem, sorted.others.length) ? (
            <ProblemBox problem={problem} errors={sorted.others} />
          ) : null}
        </div>
        <footer class="dialog-foot">
          <button type="button" class="button" onClick={(event) => event.currentTarget.closest('dialog')?.close()}>
            Back
          </button>
          <button type="submit" class={look.danger ? 'button danger' : 'button primary'} disabled={busy || look.disabled}>
            {busy ? `${look.verb} …` : look.verb}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

/** All there is to say stands at the fields already. */
function saidAtFields({ errors = [] }: Problem, others: number): boolean {
  return errors.length > 0 && others === 0;
}

function problemFrom(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem;
  if (error instanceof FieldFault) {
    const { field, problem } = error;
    return { status: 0, code: 'NOT_SENT', title: 'Not sent', detail: problem, errors: [{ field, problem }] };
  }
  return { status: 0, code: 'PAGE', title: 'The page has a fault', detail: String(error) };
}
