export { ACCESS_ROLES, areDefinitions, hasExpired, InvalidApiKeyError, opens, readApiKey } from './access/api-key';
export type { AccessRole, ApiKeyGrant, ApiKeyRecord, ApiKeyView } from './access/api-key';
export { ApiKeys } from './access/api-keys';
export { rebuildDeployment, repartitionDeployment } from './admin';
export type { AdminOptions } from './admin';
export { OPERATIONS } from './chaos/fault-injector';
export type { FaultInjector, Moment, Operation } from './chaos/fault-injector';
export { InjectedFault, InvalidChaosError, RandomFaults } from './chaos/random-faults';
export type { ChaosOptions } from './chaos/random-faults';
export { seededRandom } from './chaos/seeded-random';
export { AUDIT_PHASES, audited, AuditLog, outcomeOf } from './core/audit';
export type { AuditAct, AuditEntry, AuditOutcome, AuditPage, AuditPhase, AuditQuery, AuditRecord, AuditWho } from './core/audit';
export { ArchivedMachines } from './core/archive';
export { bindAll } from './core/bind';
export type { ChildOptions, ChildResult, ChildView, GroupOptions, JoinResult } from './core/children';
export { COUNTS } from './core/counts';
export type { Count } from './core/counts';
export type { BoundDefinition, DefinitionSource } from './core/bound-definition';
export { defineMachine } from './core/define-machine';
export {
  DEFAULT_INBOX_LIMIT,
  DEFAULT_MAX_RETRIES,
  DEFAULT_QUEUE,
  EVENT_POLICIES,
  PSEUDO_CANCEL,
  PSEUDO_INIT,
} from './core/definition';
export type {
  Deadline,
  Definition,
  EventPolicy,
  RetryPolicy,
  State as StateDefinition,
  Timer,
  Transition,
} from './core/definition';
export { formatDuration, parseDuration } from './core/duration';
export {
  CallbackGoneError,
  CancelledError,
  ContextError,
  ContextTooLargeError,
  DeadlineError,
  DefinitionError,
  EventRejectedError,
  formatProblem,
  InboxFullError,
  InvalidActError,
  InvalidEventError,
  InvalidStartError,
  LocalChainError,
  MachineEndedError,
  MachineNotFoundError,
  QuarantinedError,
  ResultError,
  RetryAfterError,
  RevisionError,
  SteeringRefusedError,
  StepTimeoutError,
  StileError,
  StoreUnavailableError,
  StoreUnfitError,
  UndeclaredEventError,
  UnknownEventError,
  UnknownMachineError,
  UnknownVersionError,
  UnrecoverableError,
} from './core/errors';
export type { Problem } from './core/errors';
export {
  ChildTooDeepError,
  EventTooLargeError,
  MemoryShortError,
  StartRefusedError,
  TooManyChildrenError,
  TooManyStartsError,
} from './core/limit-errors';
export { defaultLimits } from './core/limits';
export type { Limits } from './core/limits';
export { MachineEvents } from './core/events';
export type { CallbackOptions, CallbackReceipt, EventReceipt, EventRequest, InboxItem } from './core/events';
export { Explanations, REASONS } from './core/explanation';
export type { Explanation, ExplanationFacts, Reason } from './core/explanation';
export { COUNTED_STATUSES, InvalidFilterError, MachineListing } from './core/listing';
export type {
  CountedStatus,
  FailureGroup,
  MachineCount,
  MachineFilter,
  MachinePage,
  MachineSummary,
  MachineTally,
} from './core/listing';
export type { MachineSource } from './core/machine-source';
export { CounterTotals, Machines, Workers } from './core/machines';
export type { WorkerSeen } from './core/machines';
export { HISTORY_OUTCOMES, STATUSES } from './core/model';
export type {
  HistoryItem,
  MachineLease,
  MachineStatus,
  MachineView,
  ParentLink,
  ReplayOrigin,
  StartRequest,
  StartResult,
  StepError,
} from './core/model';
export {
  BULK_ACTS,
  FailureGroupNotFoundError,
  InvalidOperationError,
  OPERATION_ACTS,
  OPERATION_STATUSES,
  OperationNotFoundError,
  Operations,
  OperationTakenError,
  STOP_CAUSES,
} from './core/operations';
export type {
  ActOnMany,
  BulkAct,
  OperationAct,
  OperationFilter,
  OperationStatus,
  OperationView,
  Redrive,
  SendToMany,
  StopCause,
} from './core/operations';
export { makeRedactor, REDACTED } from './core/redact';
export type { Redactor } from './core/redact';
export { Replays, StepNotRecordedError } from './core/replays';
export type { ReplayRequest } from './core/replays';
export { DEFAULT_BASE_MS, DEFAULT_CAP_MS, DEFAULT_FACTOR, mergedRetry } from './core/retry';
export { InvalidScheduleError, OVERLAP_POLICIES, ScheduleNotFoundError, Schedules, slotId } from './core/schedules';
export type { OverlapPolicy, Schedule, ScheduleView } from './core/schedules';
export type { ActionClass, ActionHandler, ActionResult, Context, Json, Step, StepEvent, StepLog } from './core/step';
export { SHARE_KINDS, Shares } from './core/shares';
export type { ShareKind, ShareLimits, ShareTarget, ShareView } from './core/shares';
export { isTenant, TENANT_RULE, tenantOf } from './core/tenant';
export { MachineSteering } from './core/steering';
export type { Act, Hold, HoldTarget } from './core/steering';
export { SealedError, UnreadableError } from './core/sealed-error';
export type { SealedBecause } from './core/sealed-error';
export type { KeyCare, Rewrapped } from './crypto/key-care';
export { KEY_SCOPES } from './crypto/ring-cipher';
export type { KeyScope } from './crypto/ring-cipher';
export type { EncryptionKey } from './crypto/data-key';
export { KEYS_FRESH_MS } from './crypto/key-rings';
export { octaveBound } from './core/histogram';
export { Figures, TIMINGS } from './core/timings';
export type { DefinitionFigures, StateFigures, Timing, TimingTotal } from './core/timings';
export { findTransition, legalEvents } from './core/transition';
export type { EngineLog, LogLevel, LogOptions } from './engine/options';
export type { StepLine } from './engine/step-line';
export { loadYamlFiles, loadYamlText } from './loader/yaml-loader';
export { checkMachines } from './nest/check-machines';
export type { CheckedMachines } from './nest/check-machines';
export type { MovePoint } from './move/mover';
export type { RepartitionReport } from './move/repartition';
export { Action, OnEntry, OnExit, OnTransition, State, StateMachine } from './nest/decorators';
export type { On, StateMachineOptions, StateOptions } from './nest/decorator-options';
export { loadMachines } from './nest/load-machines';
export type { LoadedMachines } from './nest/load-machines';
export type { MachineFeatureOptions } from './nest/machine-feature';
export { MACHINE_OPTIONS, MachineModule } from './nest/machine.module';
export type { MachineModuleAsyncOptions, MachineModuleOptions } from './nest/machine.module';
export { MachineRegistry } from './nest/registry';
export { StileLogger } from './nest/stile-logger';
export { StructuredLogger } from './nest/structured-logger';
export type { LogSink } from './nest/structured-logger';
export { mastersOf } from './redis/connect';
export type { RedisConnection } from './redis/connect';
export { StileRuntime } from './runtime';
export type { RebuildPoint, RebuildReport } from './snapshot/rebuild';
export type { EncryptionOptions, EndStatus, StileOptions, WorkerOptions } from './runtime-options';
