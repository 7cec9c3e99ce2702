export { acknowledged, lossesOf, type Losses } from './acknowledged';
export { CHECKS, checkFolder, checkLog, describeViolation, type FolderOptions, type Summary, type SummaryOptions } from './check';
export { effects } from './effects';
export { fences } from './fences';
export type { Figures } from './figures';
export { leftovers } from './leftovers';
export { progress } from './progress';
export { gapFree } from './steps';
export {
  INVARIANTS,
  type CheckOptions,
  type EffectRule,
  type ExpectedEnd,
  type Invariant,
  type InvariantName,
  type Violation,
} from './violation';
