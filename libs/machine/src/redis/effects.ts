import type { Seal } from '../core/payload-cipher';
import type { ChildGroup, Claim, Effects, Rest } from '../core/ports';

const SIGNS = { take: '+', ignore: '-', reject: '!' } as const;
/** More messages than a step may send: the numbers of one step come before those of the next. */
export const MESSAGES_PER_STEP = 100_000;

/** ` +paid -noise !bad `: names hold no space, so that a script can look one up as text. */
export function packTakes(rest: Rest | undefined): string {
  if (!rest || rest.takes.size === 0) return '';
  return ` ${[...rest.takes].map(([event, what]) => SIGNS[what] + event).join(' ')} `;
}

export function packTimers(rest: Rest | undefined): string {
  return (rest?.timers ?? []).map(({ afterMs, event }) => `${afterMs}:${event}`).join(' ');
}

/**
 * The number rises with steps and place, so that a receiver needs to remember the last one only (J5). A step that is traced puts its
 * `traceparent` behind it.
 */
export function packMessage(
  { steps }: Claim,
  { to, event, data }: Effects['messages'][number],
  place: number,
  seal: Seal,
  traceparent?: string,
): string {
  const number = steps * MESSAGES_PER_STEP + place;
  return `message ${traceparent === undefined ? number : `${number}/${traceparent}`} ${to} ${event} ${seal.seal(data, 'message')}`;
}

/** What `children_add` of the scripts reads. */
export function packGroup(group: ChildGroup, seal: Seal, traceparent?: string): (string | number)[] {
  const { name, spec, limit, first, tolerate, event, failed, single, outlive, children } = group;
  const fields = {
    spec: JSON.stringify({ ...spec, traceparent }),
    total: children.length,
    limit,
    first,
    tolerate: Math.min(tolerate, Number.MAX_SAFE_INTEGER),
    event,
    failed,
    single: single ? 1 : 0,
    outlive: outlive ? 1 : 0,
    open: spec.awaited ? 1 : 0,
  };
  const flat = Object.entries(fields).flat();
  const waiting = children.map((child) => `${child.correlationId} ${seal.seal(child.context, 'child')}`);
  return [name, flat.length / 2, ...flat, children.length, ...waiting];
}
