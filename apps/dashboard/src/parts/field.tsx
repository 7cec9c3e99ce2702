import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface FieldProps {
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly problem?: string | undefined;
  /** Gets what ties the control to its label, hint and problem. */
  readonly children: (control: {
    readonly id: string;
    readonly 'aria-describedby': string | undefined;
    readonly 'aria-invalid': boolean | undefined;
  }) => ComponentChildren;
}

export function Field({ label, hint, problem, children }: FieldProps) {
  const id = useId();
  const [hintId, problemId] = [`${id}-hint`, `${id}-problem`];
  const described = [...(hint ? [hintId] : []), ...(problem ? [problemId] : [])].join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, 'aria-describedby': described === '' ? undefined : described, 'aria-invalid': problem ? true : undefined })}
      {hint ? (
        <p class="hint" id={hintId}>
          {hint}
        </p>
      ) : null}
      {problem ? (
        <p class="field-problem" id={problemId}>
          {problem}
        </p>
      ) : null}
    </div>
  );
}

/** To the second, where it is a time. */
const KINDS = {
  text: { type: 'text' },
  password: { type: 'password' },
  number: { type: 'number' },
  'datetime-local': { type: 'datetime-local', step: '1' },
} as const;

interface TextProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly hint?: ComponentChildren;
  readonly problem?: string | undefined;
  readonly placeholder?: string;
  readonly mono?: boolean;
  readonly autofocus?: boolean;
  readonly required?: boolean;
  readonly maxLength?: number;
  readonly type?: keyof typeof KINDS;
}

export function TextField({ label, value, onInput, hint, problem, mono, autofocus, type = 'text', ...more }: TextProps) {
  return (
    <Field label={label} hint={hint} problem={problem}>
      {(control) => (
        <input
          {...control}
          {...more}
          {...KINDS[type]}
          class={mono ? 'mono' : undefined}
          value={value}
          autofocus={autofocus}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

interface AreaProps extends Omit<TextProps, 'type' | 'mono'> {
  readonly rows?: number;
}

/** For JSON and lists: monospaced, Tab leaves it. */
export function TextArea({ label, value, onInput, hint, problem, autofocus, rows = 4, ...more }: AreaProps) {
  return (
    <Field label={label} hint={hint} problem={problem}>
      {(control) => (
        <textarea
          {...control}
          {...more}
          class="mono"
          rows={rows}
          value={value}
          autofocus={autofocus}
          spellcheck={false}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly hint?: ComponentChildren;
  readonly problem?: string | undefined;
  readonly autofocus?: boolean;
}

export function SelectField({ label, value, onChange, options, hint, problem, autofocus }: SelectProps) {
  return (
    <Field label={label} hint={hint} problem={problem}>
      {(control) => (
        <select {...control} value={value} autofocus={autofocus} onChange={(event) => onChange(event.currentTarget.value)}>
          {options.map(([key, text]) => (
            <option key={key} value={key}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
