import { DEFAULT_INBOX_LIMIT } from './definition';
import { CONTEXT_LIMIT_BYTES, EVENT_LIMIT_BYTES } from './json';

/** How much there may be of what users put in. One that is passed has an error of its own; see the guide to limits. */
export interface Limits {
  /** Context of a machine, bytes of JSON. @default 262144 */
  readonly contextBytes: number;
  /** Data of an event or message, bytes of JSON. @default 262144 */
  readonly eventBytes: number;
  /** Events that wait in a machine's inbox, unless its definition says otherwise. @default 1000 */
  readonly inbox: number;
  /** Children that a machine asks for over its whole life. @default 100000 */
  readonly children: number;
  /** Generations of a family: 1 where a machine may have children, but they none. @default 1000 */
  readonly depth: number;
}

export const defaultLimits: Limits = {
  contextBytes: CONTEXT_LIMIT_BYTES,
  eventBytes: EVENT_LIMIT_BYTES,
  inbox: DEFAULT_INBOX_LIMIT,
  children: 100_000,
  depth: 1000,
};

/** @param limits what is undefined in them is as by default */
export function withDefaults(limits: Partial<Limits> = {}): Limits {
  const given = Object.entries(limits).filter(([, limit]) => limit !== undefined);
  return { ...defaultLimits, ...Object.fromEntries(given) };
}
