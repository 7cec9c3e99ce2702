import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { stile } from '../api/stile';
import type { Definition, FailureGroup, MachineCount } from '../api/types';
import { usePoll, type Polled } from './use-poll';

/** What several views show at once, read once for all. */
export interface Overview {
  readonly definitions: Polled<readonly Definition[]>;
  readonly counts: Polled<readonly MachineCount[]>;
  readonly failures: Polled<readonly FailureGroup[]>;
}

const COUNTS_MS = 2000;
const FAILURES_MS = 3000;
const DEFINITIONS_MS = 15_000;

const none: Polled<never> = { data: undefined, error: undefined, reload: () => undefined };
export const OverviewContext = createContext<Overview>({ definitions: none, counts: none, failures: none });

export function useOverviewSource(): Overview {
  return {
    definitions: usePoll('definitions', async (signal) => (await stile.definitions(signal)).items, DEFINITIONS_MS),
    counts: usePoll('counts', async (signal) => (await stile.counts(signal)).items, COUNTS_MS),
    failures: usePoll('failures', async (signal) => (await stile.failures(signal)).items, FAILURES_MS),
  };
}

export function useOverview(): Overview {
  return useContext(OverviewContext);
}
