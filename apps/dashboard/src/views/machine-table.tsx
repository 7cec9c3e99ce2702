import type { MachineSummary } from '../api/types';
import { useOverview } from '../hooks/overview';
import { targetInHand } from '../logic/graph-marks';
import { stateName } from '../logic/names';
import { DefinitionLink, MachineLink } from '../parts/links';
import { Status } from '../parts/status';
import { Ago } from '../parts/when';

/** On a narrow screen each row is a block of its own, by style alone. */
export function MachineTable({ items }: { items: readonly MachineSummary[] }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Machines">
      <table class="table machines">
        <thead>
          <tr>
            <th scope="col">Id</th>
            <th scope="col">Status</th>
            <th scope="col">Definition</th>
            <th scope="col">State</th>
            <th scope="col" class="right">
              Steps
            </th>
            <th scope="col" class="right">
              Retries
            </th>
            <th scope="col">Changed</th>
            <th scope="col">Error</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <Row key={item.correlationId} item={item} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Where it is, and where the step in hand, or the one that failed, leads to. */
function Standing({ item }: { item: MachineSummary }) {
  const { definitions } = useOverview();
  const definition = definitions.data?.find(({ name, version }) => name === item.machine && version === item.version);
  const target = targetInHand(definition, item);
  return (
    <>
      {stateName(item.state)}
      {target === undefined ? null : <span class="dim"> → {target}</span>}
    </>
  );
}

function Row({ item }: { item: MachineSummary }) {
  const { correlationId, status, machine, version, steps, retries, maxRetries, updatedAt, error, heldBy, inbox } = item;
  return (
    <tr data-machine={correlationId} data-status={status}>
      <th scope="row" class="cell-id">
        <MachineLink id={correlationId} />
      </th>
      <td class="cell-status">
        <Status status={status} />
        {heldBy === null ? null : <span class="dim"> held</span>}
      </td>
      <td class="cell-definition">
        <DefinitionLink name={machine} version={version} />
      </td>
      <td class="cell-state">
        <Standing item={item} />
        {inbox > 0 ? <span class="dim"> · inbox {inbox}</span> : null}
      </td>
      <td class="right num cell-wide">{steps}</td>
      <td class="right num cell-wide">{retries === 0 ? <span class="faint">0</span> : `${retries}/${maxRetries}`}</td>
      <td class="cell-when dim">
        <Ago at={updatedAt} />
      </td>
      <td class="cell-error">
        {error === null ? null : (
          <span class="error-text" title={error.message}>
            {status === 'failed' ? <strong>{error.code}</strong> : error.code} {error.message}
          </span>
        )}
      </td>
    </tr>
  );
}
