import type { Definition, StateDefinition } from '@stile/machine';

/** The part of XState 5's machine config that a flat machine needs, as plain JSON. */
export interface XStateMachine {
  readonly id: string;
  readonly initial: string;
  readonly states: Readonly<Record<string, XStateState>>;
  readonly meta?: { readonly stile: StileMachineMeta };
}

export interface XStateState {
  readonly type?: 'final';
  readonly entry?: string;
  readonly exit?: string;
  readonly invoke?: { readonly src: string; readonly onError?: XStateTransition };
  readonly on?: Readonly<Record<string, XStateTransition>>;
  /** By ms. */
  readonly after?: Readonly<Record<string, XStateTransition>>;
  readonly meta?: { readonly stile: StileStateMeta };
}

export interface XStateTransition {
  readonly target?: string;
  readonly actions?: string;
  /** Of a transition to the state itself: it is left and entered anew. */
  readonly reenter?: true;
  readonly meta?: { readonly stile: { readonly event?: string; readonly local?: true } };
}

/** What XState has no word for; it keeps it under `meta` and passes it over, and the import reads it back. */
export type StileMachineMeta = Partial<
  Pick<Definition, 'version' | 'maxRetries' | 'retry' | 'queue' | 'retentionMs' | 'deadline' | 'onCancel' | 'inboxLimit'>
>;
export type StileStateMeta = Partial<Pick<StateDefinition, 'retry' | 'onExhausted' | 'events' | 'timeoutMs' | 'doAction'>>;

/** In targets a dot leads to a child, and a backslash takes the meaning of what follows. Keys are taken as they are. */
export function escapeTarget(name: string): string {
  return name.replace(/[\\.#]/g, (character) => `\\${character}`);
}
