import type { components } from './generated/schema';

type Schemas = components['schemas'];

export type Machine = Schemas['Machine'];
export type StartMachine = Schemas['StartMachine'];
export type BulkItem = Schemas['BulkItem'];
export type BulkOutcome = Schemas['BulkOutcome'];
export type HistoryItem = Schemas['Attempt'];
export type Child = Schemas['Child'];
export type InboxItem = Schemas['InboxItem'];
export type EventReceipt = Schemas['EventReceipt'];
export type Definition = Schemas['Definition'];
export type DefinitionFigures = Schemas['Figures'];
export type DefinitionWithVersions = Schemas['DefinitionWithVersions'];
export type MachineSummary = Schemas['MachineSummary'];
export type MachineStatus = Machine['status'];
export type MachinePage = Schemas['MachinePage'];
export type MachineCount = Schemas['MachineCount'];
export type FailureGroup = Schemas['FailureGroup'];
export type Operation = Schemas['Operation'];
export type OperationFilter = Schemas['OperationFilter'];
export type Explanation = Schemas['Explanation'];
export type WorkerView = Schemas['WorkerSeen'];
export type Schedule = Schemas['Schedule'];
export type PutSchedule = Schemas['PutSchedule'];
export type Hold = Schemas['Hold'];
export type PutHold = Schemas['PutHold'];
export type AuditEntry = Schemas['AuditEntry'];
export type AuditPage = Schemas['AuditPage'];
export type LimitsView = Schemas['Limits'];
export type PutLimits = Schemas['PutLimits'];
export type Ready = Schemas['Ready'];
export type FieldProblem = Schemas['FieldProblemDto'];
export type ProblemCode = Schemas['ProblemDto']['code'];

/** Who does something to a machine, and why: both land in its history. */
export interface Act {
  readonly by?: string;
  readonly why?: string;
}

/** For any call. */
export interface CallOptions {
  /** Gives the call up; it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export function hasEnded({ status }: Pick<Machine, 'status'>): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}
