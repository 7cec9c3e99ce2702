import type { Explanation } from '../../api/types';
import type { Polled } from '../../hooks/use-poll';
import { toneOf } from '../../logic/reasons';
import { Ago, Clock } from '../../parts/when';

/** Why it does not move, or that it does: the first thing that an operator wants to know. */
export function WhyLine({ why: { data } }: { why: Polled<Explanation> }) {
  if (!data) return null;
  const { reason, text, since, until } = data;
  return (
    <section class={`why why-${toneOf(reason)}`} aria-label="Why it does not move" data-reason={reason}>
      <p class="why-text" role="status">
        {text}
      </p>
      {since === null && until === null ? null : (
        <p class="why-times">
          {since === null ? null : (
            <>
              since <Clock at={since} /> (<Ago at={since} />)
            </>
          )}
          {since === null || until === null ? null : ' · '}
          {until === null ? null : (
            <>
              until <Clock at={until} /> (<Ago at={until} />)
            </>
          )}
        </p>
      )}
    </section>
  );
}
