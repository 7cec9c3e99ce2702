export type { AuditOptions } from './audit-client';
export { StileClient } from './client';
export type { DefinitionOptions, ReplayOptions, SendOptions, StileClientOptions } from './client';
export { GRAPH_FORMATS } from './definitions-client';
export type { GraphFormat, VersionOptions } from './definitions-client';
export { StileApiError, StileConnectionError } from './errors';
export type { MachineFilter } from './filter';
export type { components, paths } from './generated/schema';
export type { LimitsTarget } from './limits-client';
export type { StreamEvent, StreamOptions } from './machine-stream';
export type { ActOnMany, Redrive, SendToMany } from './operations-client';
export type { ActOptions, EditOptions } from './steering-client';
export { hasEnded } from './types';
export type {
  Act,
  AuditEntry,
  AuditPage,
  BulkItem,
  BulkOutcome,
  CallOptions,
  Child,
  Definition,
  DefinitionFigures,
  DefinitionWithVersions,
  EventReceipt,
  Explanation,
  FailureGroup,
  FieldProblem,
  HistoryItem,
  Hold,
  InboxItem,
  LimitsView,
  Machine,
  MachineCount,
  MachinePage,
  MachineStatus,
  MachineSummary,
  Operation,
  OperationFilter,
  ProblemCode,
  PutHold,
  PutLimits,
  PutSchedule,
  Ready,
  Schedule,
  StartMachine,
  WorkerView,
} from './types';
