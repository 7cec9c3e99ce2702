import { useEffect, useRef, useState } from 'preact/hooks';
import { STATUSES, type Definition, type Status as StatusName } from '../api/types';
import { useOverview } from '../hooks/overview';
import { isEmpty, type Filter } from '../logic/filter';
import { stateName } from '../logic/names';
import { fromLocalInput, toLocalInput } from '../logic/time';
import { SelectField, TextField } from '../parts/field';
import { Icon } from '../parts/icon';
import { Status } from '../parts/status';

interface Props {
  readonly filter: Filter;
  readonly onChange: (patch: Partial<Filter>) => void;
}

/** How long somebody may pause while typing, ms. */
const TYPING_MS = 250;

export function MachineFilters({ filter, onChange }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <search class="filters" data-open={open}>
      <div class="filters-first">
        <SearchField value={filter.idPrefix ?? ''} onChange={(idPrefix) => onChange({ idPrefix: idPrefix || undefined })} />
        <button type="button" class="button filters-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
          Filters
        </button>
        {isEmpty(filter) ? null : (
          <a class="button quiet" href="#/machines">
            Clear
          </a>
        )}
      </div>
      <StatusChips chosen={filter.statuses} onChange={(statuses) => onChange({ statuses })} />
      <div class="filters-more">
        <DefinitionFields filter={filter} onChange={onChange} />
        <TypedField
          label="Tag"
          value={filter.tag ?? ''}
          placeholder="key:value"
          onChange={(tag) => onChange({ tag: tag || undefined })}
        />
        <TextField
          label="Started since"
          type="datetime-local"
          value={toLocalInput(filter.from)}
          onInput={(text) => onChange({ from: fromLocalInput(text) })}
        />
        <TextField
          label="Started before"
          type="datetime-local"
          value={toLocalInput(filter.to)}
          onInput={(text) => onChange({ to: fromLocalInput(text) })}
        />
        {filter.failure === undefined ? null : (
          <div class="field">
            <span class="label">Failure group</span>
            <button
              type="button"
              class="button"
              onClick={() => onChange({ failure: undefined })}
              aria-label="Any failure, not only of this group"
            >
              <span class="mono">{filter.failure}</span>
              <Icon name="close" />
            </button>
          </div>
        )}
      </div>
    </search>
  );
}

function SearchField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [text, setText] = useTyped(value, onChange);
  return (
    <div class="search">
      <Icon name="search" />
      <input
        id="search"
        type="search"
        class="mono"
        aria-label="Id begins with"
        placeholder="Id begins with …"
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <kbd aria-hidden="true">/</kbd>
    </div>
  );
}

function TypedField({
  label,
  value,
  placeholder,
  onChange,
}: {
  label: string;
  value: string;
  placeholder: string;
  onChange: (value: string) => void;
}) {
  const [text, setText] = useTyped(value, onChange);
  return <TextField label={label} value={text} placeholder={placeholder} onInput={setText} />;
}

/** What is typed counts when no further key has come for a while. */
function useTyped(value: string, onChange: (value: string) => void): [string, (text: string) => void] {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const told = useRef(value);
  useEffect(() => {
    if (value !== told.current) setText(value); // changed from elsewhere
    told.current = value;
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const latest = useRef(onChange);
  latest.current = onChange;
  const type = (next: string): void => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      told.current = next.trim();
      latest.current(next.trim());
    }, TYPING_MS);
  };
  return [text, type];
}

function StatusChips({
  chosen,
  onChange,
}: {
  chosen: readonly StatusName[];
  onChange: (statuses: readonly StatusName[]) => void;
}) {
  return (
    <div class="chips" role="group" aria-label="Status">
      {STATUSES.map((status) => {
        const on = chosen.includes(status);
        return (
          <button
            key={status}
            type="button"
            class="chip"
            aria-pressed={on}
            onClick={() => onChange(on ? chosen.filter((each) => each !== status) : [...chosen, status])}
          >
            <Status status={status} />
          </button>
        );
      })}
    </div>
  );
}

function DefinitionFields({ filter, onChange }: Props) {
  const { definitions } = useOverview();
  const all = definitions.data ?? [];
  const names = [...new Set([...all.map(({ name }) => name), ...(filter.machine ? [filter.machine] : [])])].sort();
  const versions = all.filter(({ name }) => name === filter.machine).map(({ version }) => String(version));
  return (
    <>
      <SelectField
        label="Definition"
        value={filter.machine ?? ''}
        onChange={(machine) => onChange({ machine: machine || undefined, version: undefined, state: undefined })}
        options={[['', 'any'], ...names.map((name) => [name, name] as const)]}
      />
      <SelectField
        label="Version"
        value={filter.version === undefined ? '' : String(filter.version)}
        onChange={(version) => onChange({ version: version === '' ? undefined : Number(version) })}
        options={[['', 'any'], ...versions.map((version) => [version, version] as const)]}
      />
      <SelectField
        label="State"
        value={filter.state ?? ''}
        onChange={(state) => onChange({ state: state || undefined })}
        options={[['', 'any'], ...statesOf(all, filter).map((state) => [state, stateName(state)] as const)]}
      />
    </>
  );
}

/** Of the definitions that the filter takes; the one asked for too, whatever it is called. */
function statesOf(definitions: readonly Definition[], { machine, version, state }: Filter): string[] {
  const fitting = definitions.filter(
    (definition) =>
      (machine === undefined || definition.name === machine) && (version === undefined || definition.version === version),
  );
  const names = new Set(fitting.flatMap(({ states }) => Object.keys(states)));
  if (state !== undefined) names.add(state);
  return [...names].sort();
}
