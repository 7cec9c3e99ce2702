import type { MachineSummary } from '../../core/listing';
import { STATUSES, type MachineStatus } from '../../core/model';
import { noSeal, type Seal } from '../../core/payload-cipher';
import { readPlace } from '../../core/place';
import { showError } from '../open-texts';
import { iso } from '../view';

/** The fields of a record that lists need: neither its context nor anything else that may be large. */
export const SUMMARY_FIELDS = [
  ...['machine', 'version', 'run', 'status', 'state', 'event', 'steps', 'retries', 'max', 'tags', 'created', 'updated'],
  ...['finished', 'error', 'inbox', 'hold', 'place'],
] as const;

/** Whether there is something that may be sealed. @param values of {@link SUMMARY_FIELDS} */
export function hasError(values: readonly (string | null)[] = []): boolean {
  return Boolean(values[SUMMARY_FIELDS.indexOf('error')]);
}

export interface Listed {
  readonly summary: MachineSummary;
  /** Of failures that it is in. */
  readonly group?: string;
}

/**
 * What a list shows of a record; nothing where there is none, or where it does not say what machine it is. Otherwise a record that is broken
 * is shown as far as it can be read: nobody should lose a page, or the sight of a quarantined machine, for one field.
 *
 * @param values of {@link SUMMARY_FIELDS}, null or an empty text where there is none
 */
export function readSummary(correlationId: string, values: readonly (string | null)[], seal: Seal = noSeal): Listed | undefined {
  const [machine, version, run, status, state, event, steps, retries, max, tags, created, updated, ...rest] = values;
  const [finished, error, inbox, hold, place] = rest;
  const known = STATUSES.find((name: MachineStatus) => name === status);
  if (!machine || known === undefined) return undefined;
  const summary = {
    correlationId,
    machine,
    version: whole(version),
    runId: run ?? '',
    status: known,
    state: state ?? '',
    event: event ?? '',
    steps: whole(steps),
    retries: whole(retries),
    maxRetries: whole(max),
    tags: record(tags) as Record<string, string>,
    createdAt: iso(whole(created)),
    updatedAt: iso(whole(updated)),
    finishedAt: finished ? iso(whole(finished)) : null,
    error: error ? errorOf(error, seal) : null,
    inbox: whole(inbox),
    heldBy: hold || null,
  };
  const group = readPlace(place ?? '')?.group;
  return { summary, ...(group === undefined ? {} : { group }) };
}

/** A stack is not for lists. */
function errorOf(text: string, seal: Seal): MachineSummary['error'] {
  const { code, message } = shown(text, seal);
  return { code: typeof code === 'string' ? code : 'UNKNOWN', message: typeof message === 'string' ? message : '' };
}

function shown(text: string, seal: Seal): Record<string, unknown> {
  try {
    return { ...showError(text, seal) };
  } catch {
    return {};
  }
}

function record(text: string | null | undefined): Record<string, unknown> {
  if (!text) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Also within what a Date can hold. */
function whole(text: string | null | undefined): number {
  const value = Number(text ?? 0);
  return Number.isInteger(value) && value >= 0 && value <= 8.64e15 ? value : 0;
}
