import { useMemo, useState } from 'preact/hooks';
import { stile } from '../../api/stile';
import type { Act, JsonObject } from '../../api/types';
import { notify } from '../../hooks/notices';
import { diff, isObject } from '../../logic/json-diff';
import { mergePatchOf } from '../../logic/merge-patch';
import { readJson, type Read } from '../../logic/text-fields';
import { ChangeList } from '../../parts/change-list';
import { TextArea } from '../../parts/field';
import { FieldFault, FormDialog } from '../../parts/form-dialog';
import type { DialogProps } from './act-bar';

/**
 * Changes the context and lets the machine go on. What was read when the dialog opened is what is edited: where the machine has moved on
 * since, the API refuses, and nothing is done.
 */
export function EditDialog({ machine, onClose, onActed }: DialogProps) {
  const [read] = useState(machine);
  const [text, setText] = useState(() => JSON.stringify(read.context, null, 2));
  const goesOn = read.status === 'failed' ? 'retry' : 'resume';
  const [further, setFurther] = useState(read.status === 'failed');
  const edited = useMemo(() => readContext(text), [text]);
  const changes = 'value' in edited ? diff(read.context, edited.value) : [];
  const id = read.correlationId;

  const submit = async (why: Act): Promise<void> => {
    if ('problem' in edited) throw new FieldFault('context', edited.problem);
    const patch = mergePatchOf(read.context, edited.value);
    if ('impossible' in patch) {
      throw new FieldFault(
        'context',
        `sets ${patch.impossible} to null, which a merge patch cannot: null removes there. Leave it out`,
      );
    }
    if (changes.length > 0) await stile.edit(id, patch.patch, read.revision, why);
    onActed(); // whatever becomes of the second act, the first is done
    if (further) await stile.steer(id, goesOn, why);
    notify(`${id} is edited${further ? (goesOn === 'retry' ? ' and tries again' : ' and goes on') : ''}`);
    onActed();
  };

  return (
    <FormDialog
      title={`Edit the context of ${id}`}
      verb={further ? `Save and ${goesOn}` : 'Save'}
      wide
      disabled={changes.length === 0 && !further}
      fields={['context']}
      onClose={onClose}
      submit={submit}
    >
      {(problems) => (
        <>
          <TextArea
            label="Context (JSON)"
            {...{ value: text, onInput: setText }}
            problem={problems.context ?? ('problem' in edited ? edited.problem : undefined)}
            rows={Math.min(18, Math.max(6, text.split('\n').length))}
            autofocus
          />
          {changes.length > 0 ? (
            <ChangeList changes={changes} name="What will be changed" />
          ) : (
            <p class="dim">Nothing is changed yet.</p>
          )}
          <label class="check">
            <input type="checkbox" checked={further} onChange={(event) => setFurther(event.currentTarget.checked)} />
            {goesOn === 'retry' ? 'Retry its step at once' : 'Resume it at once'}
          </label>
        </>
      )}
    </FormDialog>
  );
}

function readContext(text: string): Read<JsonObject> {
  const read = readJson(text);
  if ('problem' in read) return read;
  return isObject(read.value) ? { value: read.value } : { problem: 'is not a JSON object; a context is one' };
}
