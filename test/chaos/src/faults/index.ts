import { crashPoints, crashPointsSplit } from './crash-points';
import { duplicates } from './duplicates';
import { soak } from './soak';
import { leaseStoreFlips } from './lease-store-flips';
import type { Fault } from './fault';
import { outOfMemory } from './out-of-memory';
import { loading, readOnly } from './refusing';
import { replyLost, replyLostSplit } from './reply-lost';
import { halfOpenCut, halfOpenLost, halfOpenThaw, latency, resets } from './network';
import { serverClock, workerClock } from './clocks';
import { queueLost, scriptFlush } from './queue-losses';
import { redisKillAlways, redisKillEverysec } from './redis-kill';
import { replicaPromoted } from './replica-promoted';
import { sigstop } from './sigstop';
import { eventLoopBlocked } from './event-loop-blocked';
import { poison } from './poison';
import { killInRecovery } from './kill-in-recovery';
import { rollingDeploy } from './rolling-deploy';
import { rollingRestart } from './rolling-restart';

/** Quick: part of `npm test`. */
export const SUITE: readonly Fault[] = [
  crashPoints,
  crashPointsSplit,
  duplicates,
  redisKillEverysec,
  redisKillAlways,
  replicaPromoted,
  scriptFlush,
  queueLost,
  workerClock,
  replyLost,
  halfOpenCut,
  readOnly,
  sigstop,
  eventLoopBlocked,
  poison,
  rollingDeploy,
];

/** The fault matrix, in the order of a full run. */
export const FAULTS: readonly Fault[] = [
  crashPoints,
  crashPointsSplit,
  duplicates,
  leaseStoreFlips,
  soak,
  redisKillEverysec,
  redisKillAlways,
  replicaPromoted,
  scriptFlush,
  queueLost,
  workerClock,
  serverClock,
  replyLost,
  replyLostSplit,
  resets,
  latency,
  halfOpenThaw,
  halfOpenCut,
  halfOpenLost,
  readOnly,
  loading,
  outOfMemory,
  sigstop,
  eventLoopBlocked,
  poison,
  killInRecovery,
  rollingRestart,
  rollingDeploy,
];
