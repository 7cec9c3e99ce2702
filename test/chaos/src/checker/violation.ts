import type { MachineStatus } from '@stile/machine';
import type { Entry, Log } from '../log';

export const INVARIANTS = ['I1', 'I2', 'I3', 'I4', 'I5', 'I6'] as const;
export type InvariantName = (typeof INVARIANTS)[number];

export interface Violation {
  readonly invariant: InvariantName;
  /** Of the machine; empty where it is about a key. */
  readonly correlationId: string;
  /** One plain sentence, with the values. */
  readonly text: string;
  /** What it rests on, at most six. */
  readonly entries: readonly Entry[];
}

/** How a machine may end. What is left out may be anything. */
export interface ExpectedEnd {
  readonly status: MachineStatus;
  readonly state?: string;
  /** Of the error. */
  readonly code?: string;
}

/** An action of which each committed step that entered `state` has exactly one effect. */
export interface EffectRule {
  readonly machine: string;
  readonly state: string;
  /** The state's `do` (or entry) action. */
  readonly action: string;
  readonly sink: 'keyed' | 'fenced';
}

export interface CheckOptions {
  /** By machine name. @default `completed`, in whatever state */
  readonly ends?: Readonly<Record<string, readonly ExpectedEnd[]>>;
  /** @default none: then only what the sinks said is checked, not that each step has its effect */
  readonly effects?: readonly EffectRule[];
  /** Keys that may be left. @default none */
  readonly allowedKeys?: readonly RegExp[];
  /** Where a history is trimmed: one so long may lack its beginning. @default 1000 */
  readonly historyLimit?: number;
  /** How long after an acknowledgement its entry may be stamped, ms: the lag of the harness's event loop. @default 250 */
  readonly ackSlackMs?: number;
}

export type Invariant = (log: Log, options?: CheckOptions) => Violation[];

const MAX_ENTRIES = 6;

export function violation(
  invariant: InvariantName,
  correlationId: string,
  text: string,
  ...entries: (Entry | undefined)[]
): Violation {
  const present = entries.filter((entry): entry is Entry => entry !== undefined);
  return { invariant, correlationId, text, entries: present.slice(0, MAX_ENTRIES) };
}
