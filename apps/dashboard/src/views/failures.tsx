import { useState } from 'preact/hooks';
import { stile } from '../api/stile';
import type { FailureGroup } from '../api/types';
import { useOverview } from '../hooks/overview';
import { useTitle } from '../hooks/use-title';
import { counted, whole } from '../logic/numbers';
import { FormDialog } from '../parts/form-dialog';
import { DefinitionLink, MachineLink } from '../parts/links';
import { OperationById } from '../parts/operation-card';
import { PageHead } from '../parts/page-head';
import { Empty, Loaded } from '../parts/states';
import { Ago } from '../parts/when';

interface Redrive {
  readonly group: FailureGroup;
  readonly count: number | 'all';
}

/** Failed machines, those together that failed alike. */
export function FailuresView() {
  useTitle('Failures');
  const { failures } = useOverview();
  const [redrive, setRedrive] = useState<Redrive>();
  const [operations, setOperations] = useState<readonly string[]>([]);
  const total = failures.data?.reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      <PageHead
        title="Failures"
        note={
          total === undefined
            ? ' '
            : total === 0
              ? 'none'
              : `${counted(total, 'machine')} in ${counted(failures.data?.length ?? 0, 'group')}`
        }
      />
      {operations.map((id) => (
        <OperationById key={id} id={id} onHide={() => setOperations((old) => old.filter((each) => each !== id))} />
      ))}
      <Loaded of={failures} what="the failures">
        {(items) =>
          items.length === 0 ? (
            <Empty title="No machine has failed">Those that do are shown here, the ones that failed alike together.</Empty>
          ) : (
            <ul class="groups">
              {items.map((group) => (
                <Group key={group.group} group={group} onRedrive={(count) => setRedrive({ group, count })} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {redrive ? (
        <RedriveDialog
          {...redrive}
          onClose={() => setRedrive(undefined)}
          onStarted={(id) => {
            setOperations((old) => [id, ...old.filter((each) => each !== id)]);
            failures.reload();
          }}
        />
      ) : null}
    </>
  );
}

function Group({ group, onRedrive }: { group: FailureGroup; onRedrive: (count: number | 'all') => void }) {
  const { group: id, machine, version, state, code, message, count, firstAt, lastAt, example } = group;
  return (
    <li class="group" data-group={id}>
      <p class="group-count num">
        <a href={`#/machines?failure=${id}`} aria-label={`${counted(count, 'machine')}: show them`}>
          {whole(count)}
        </a>
      </p>
      <div class="group-main">
        <p class="group-error">
          <strong>{code}</strong> {message}
        </p>
        <p class="dim group-where">
          <DefinitionLink name={machine} version={version} /> in <strong>{state}</strong> · started <Ago at={firstAt} />
          {firstAt === lastAt ? null : (
            <>
              {' to '}
              <Ago at={lastAt} />
            </>
          )}
          {' · for example '}
          <MachineLink id={example} />
        </p>
      </div>
      <div class="group-acts" role="group" aria-label={`Redrive ${code} in ${state}`}>
        <span class="dim">Redrive</span>
        <button type="button" class="button small" onClick={() => onRedrive(1)}>
          1
        </button>
        {count > 10 ? (
          <button type="button" class="button small" onClick={() => onRedrive(10)}>
            10
          </button>
        ) : null}
        {count > 1 ? (
          <button type="button" class="button small" onClick={() => onRedrive('all')}>
            all
          </button>
        ) : null}
      </div>
    </li>
  );
}

function RedriveDialog({ group, count, onClose, onStarted }: Redrive & { onClose: () => void; onStarted: (id: string) => void }) {
  const many = count === 'all' ? group.count : Math.min(count, group.count);
  const verb = `Redrive ${count === 'all' ? `all ${whole(many)}` : whole(many)}`;
  return (
    <FormDialog
      title={`Redrive ${counted(many, 'machine')}`}
      verb={verb}
      fields={['count']}
      onClose={onClose}
      submit={async (why) => onStarted((await stile.redrive(group.group, { count, ...why })).operationId)}
    >
      {() => (
        <>
          <p class="group-error">
            <strong>{group.code}</strong> {group.message}
          </p>
          <p>
            Each tries its step again, with all its retries; a few at first. When they fail again it stops by itself, so nothing
            is lost by trying.
          </p>
        </>
      )}
    </FormDialog>
  );
}
