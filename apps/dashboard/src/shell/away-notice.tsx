import { useLink } from '../hooks/use-link';
import { useNow } from '../hooks/use-now';
import { coarse } from '../logic/time';
import { Icon } from '../parts/icon';

/** What is shown is old, and from when it is. It goes away by itself. */
export function AwayNotice() {
  const { awaySinceMs, answeredMs } = useLink();
  useNow(); // ticks
  if (awaySinceMs === null) return null;
  return (
    <div class="away" role="alert">
      <Icon name="away" />
      <p>
        <strong>The API does not answer.</strong>{' '}
        {answeredMs === null
          ? 'Nothing could be read yet.'
          : `What you see is ${coarse(Math.max(0, Date.now() - answeredMs))} old.`}{' '}
        It is asked again by itself.
      </p>
    </div>
  );
}
