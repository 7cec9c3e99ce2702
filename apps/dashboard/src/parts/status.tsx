import type { CountedStatus, Status as StatusName } from '../api/types';
import { Icon } from './icon';

export function Status({ status, asked }: { status: StatusName | CountedStatus; asked?: 'pause' | 'cancel' | null }) {
  return (
    <span class={`status status-${status}`}>
      <Icon name={status} />
      {status}
      {asked ? <span class="status-asked">, {asked === 'pause' ? 'pausing' : 'cancelling'}</span> : null}
    </span>
  );
}
