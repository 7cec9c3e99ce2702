import { useNow } from '../hooks/use-now';
import { clock, relative } from '../logic/time';

/** `3 min 5 s ago`, the exact time behind it. */
export function Ago({ at }: { at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={at}>
      {relative(at, now)}
    </time>
  );
}

/** The time of day, and the date where it is not today's. */
export function Clock({ at }: { at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={at} class="num">
      {clock(at, now)}
    </time>
  );
}
