import { useState } from 'preact/hooks';
import { stile } from '../api/stile';
import type { StartRequest } from '../api/types';
import { notify } from '../hooks/notices';
import { useOverview } from '../hooks/overview';
import { go } from '../hooks/use-route';
import { readJson, readTags } from '../logic/text-fields';
import { fromLocalInput } from '../logic/time';
import { SelectField, TextArea, TextField } from '../parts/field';
import { FieldFault, FormDialog } from '../parts/form-dialog';

const FIELDS = ['machine', 'version', 'correlationId', 'context', 'tags', 'startAt', 'maxRetries'];

const EMPTY = { machine: '', version: '', id: '', context: '{}', tags: '', startAt: '', maxRetries: '' };
type Form = typeof EMPTY;

/** Starts a machine, and shows it. */
export function StartDialog({ machine, onClose }: { machine: string; onClose: () => void }) {
  const { definitions } = useOverview();
  const names = [...new Set((definitions.data ?? []).map(({ name }) => name))].sort();
  const [form, setForm] = useState<Form>({ ...EMPTY, machine: machine === '' ? (names[0] ?? '') : machine });
  const set = (name: keyof Form) => (value: string) => setForm((old) => ({ ...old, [name]: value }));
  const versions = (definitions.data ?? []).filter(({ name }) => name === form.machine).map(({ version }) => String(version));

  const start = async (): Promise<void> => {
    const started = await stile.start(requestOf(form));
    notify(`${started.correlationId} is started`);
    go({ view: 'machine', id: started.correlationId });
  };

  return (
    <FormDialog title="Start a machine" verb="Start" asksWhy={false} fields={FIELDS} onClose={onClose} submit={start}>
      {(problems) => (
        <>
          <div class="row">
            <SelectField
              label="Definition"
              {...{ value: form.machine, onChange: set('machine'), problem: problems.machine }}
              options={names.map((name) => [name, name])}
              autofocus
            />
            <SelectField
              label="Version"
              {...{ value: form.version, onChange: set('version'), problem: problems.version }}
              options={[['', 'the highest'], ...versions.map((version) => [version, version] as const)]}
            />
          </div>
          <TextField
            label="Correlation id"
            {...{ value: form.id, onInput: set('id'), problem: problems.correlationId }}
            hint="Names the machine: the same start again gives the same machine. A new UUID when left empty."
            mono
          />
          <TextArea
            label="Context (JSON)"
            {...{ value: form.context, onInput: set('context'), problem: problems.context }}
            rows={6}
          />
          <details class="more">
            <summary>Tags, time and retries</summary>
            <TextArea
              label="Tags"
              {...{ value: form.tags, onInput: set('tags'), problem: problems.tags }}
              rows={2}
              hint="A line for each: key=value"
            />
            <div class="row">
              <TextField
                label="Start at"
                type="datetime-local"
                {...{ value: form.startAt, onInput: set('startAt'), problem: problems.startAt }}
                hint="Your local time; now when empty."
              />
              <TextField
                label="Retries"
                type="number"
                {...{ value: form.maxRetries, onInput: set('maxRetries'), problem: problems.maxRetries }}
                hint="The definition’s when empty."
              />
            </div>
          </details>
        </>
      )}
    </FormDialog>
  );
}

/** @throws FieldFault for what is not even JSON, or no tags */
function requestOf(form: Form): StartRequest {
  const [context, tags] = [readJson(form.context), readTags(form.tags)];
  if ('problem' in context) throw new FieldFault('context', context.problem);
  if ('problem' in tags) throw new FieldFault('tags', tags.problem);
  const startAt = fromLocalInput(form.startAt);
  return {
    machine: form.machine,
    ...(form.version === '' ? {} : { version: Number(form.version) }),
    ...(form.id.trim() === '' ? {} : { correlationId: form.id.trim() }),
    ...(context.value === undefined ? {} : { context: context.value }),
    ...(Object.keys(tags.value).length === 0 ? {} : { tags: tags.value }),
    ...(startAt === undefined ? {} : { startAt }),
    ...(form.maxRetries === '' ? {} : { maxRetries: Number(form.maxRetries) }),
  };
}
