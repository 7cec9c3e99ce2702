import type * as Answered from '@stile/client';
import type * as Shown from './types';

/** Users' data: JSON to the page, `unknown` to the description. */
type Data = 'context' | 'data' | 'heartbeat';
/** @typeParam A what the API's own description says of it has to fit what the page takes it for */
type Fits<S, A extends Omit<S, Data>> = readonly [S, A];

/**
 * The page takes less than the API answers with, so its types are its own. A field that the API renames or drops ends the type check here. Types
 * only: nothing of this is in the page.
 */
export type All = [
  Fits<Shown.Machine, Answered.Machine>,
  Fits<Shown.MachinePage, Answered.MachinePage>,
  Fits<Shown.HistoryItem, Answered.HistoryItem>,
  Fits<Shown.Explanation, Answered.Explanation>,
  Fits<Shown.InboxItem, Answered.InboxItem>,
  Fits<Shown.Child, Answered.Child>,
  Fits<Shown.Definition, Answered.DefinitionWithVersions>,
  Fits<Shown.MachineCount, Answered.MachineCount>,
  Fits<Shown.Figures, Answered.DefinitionFigures>,
  Fits<Shown.FailureGroup, Answered.FailureGroup>,
  Fits<Shown.Worker, Answered.WorkerView>,
  Fits<Shown.Schedule, Answered.Schedule>,
  Fits<Shown.Operation, Answered.Operation>,
  Fits<Shown.Hold, Answered.Hold>,
  Fits<Answered.StartMachine, Shown.StartRequest>,
];
