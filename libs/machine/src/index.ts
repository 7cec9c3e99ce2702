export { bindAll } from './core/bind';
export type { BoundDefinition, DefinitionSource } from './core/bound-definition';
export { defineMachine } from './core/define-machine';
export { DEFAULT_MAX_RETRIES, DEFAULT_QUEUE, PSEUDO_INIT } from './core/definition';
export type { Definition, RetryPolicy, State as StateDefinition, Transition } from './core/definition';
export { parseDuration } from './core/duration';
export {
  ContextError,
  ContextTooLargeError,
  DefinitionError,
  formatProblem,
  InvalidStartError,
  LocalChainError,
  QuarantinedError,
  RetryAfterError,
  StileError,
  StoreUnavailableError,
  StoreUnfitError,
  UnknownEventError,
  UnknownMachineError,
  UnknownVersionError,
  UnrecoverableError,
} from './core/errors';
export type { Problem } from './core/errors';
export type { MachineSource } from './core/machine-source';
export { CounterTotals, Machines, Workers } from './core/machines';
export type { WorkerSeen } from './core/machines';
export { COUNTS, STATUSES } from './core/ports';
export type { Count, HistoryItem, MachineStatus, MachineView, StartRequest, StartResult, StepError } from './core/ports';
export type { ActionClass, ActionHandler, ActionResult, Context, Json, Step, StepLog } from './core/step';
export { findTransition, legalEvents } from './core/transition';
export { loadYamlFiles } from './loader/yaml-loader';
export { Action, OnEntry, OnExit, OnTransition, State, StateMachine } from './nest/decorators';
export type { On, StateMachineOptions, StateOptions } from './nest/decorator-options';
export { loadMachines } from './nest/load-machines';
export type { LoadedMachines } from './nest/load-machines';
export type { MachineFeatureOptions } from './nest/machine-feature';
export { MACHINE_OPTIONS, MachineModule } from './nest/machine.module';
export type { MachineModuleAsyncOptions, MachineModuleOptions } from './nest/machine.module';
export { MachineRegistry } from './nest/registry';
export { StileLogger } from './nest/stile-logger';
export { StileRuntime } from './runtime';
export type { StileOptions, WorkerOptions } from './runtime-options';
