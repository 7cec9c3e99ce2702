/** Budgets of all faults, 0 where a configuration does not say. */
const NO_FAULTS = {
  CRASHES: 0,
  EXPIRIES: 0,
  DUPLICATES: 0,
  LOSSES: 0,
  REPLIES: 0,
  FAILURES: 0,
  RELEASES: 0,
  EARLY: 0,
  FAILOVERS: 0,
  FORGETS: 0,
};

const whole = (name, what, faults) => ({ name, what, defines: { ...NO_FAULTS, ...faults } });
const without = (name, what, guard, expect, faults) => ({
  name,
  what,
  expect,
  defines: { ...NO_FAULTS, ...faults, ...Object.fromEntries([guard].flat().map((one) => [`NO_${one}`, 1])) },
});

/** All guards in place: every state is searched, and none may violate anything. */
export const WHOLE = [
  whole('fused-crash', '2 workers; event, crash, expiry, lost reply, failed attempt', {
    CRASHES: 1,
    EXPIRIES: 1,
    REPLIES: 1,
    FAILURES: 1,
  }),
  whole('fused-jobs', '2 workers; event, crash, duplicate, lost job, early sweep, release', {
    CRASHES: 1,
    DUPLICATES: 1,
    LOSSES: 1,
    EARLY: 1,
    RELEASES: 1,
  }),
  whole('fused-failover', '2 workers; event, expiry, failover', { EXPIRIES: 1, FAILOVERS: 1 }),
  whole('fused-lineage', '2 workers; failover, expiry, failed attempt; see README', {
    WAIT_AT: 9,
    EXPIRIES: 1,
    FAILURES: 1,
    FAILOVERS: 1,
    NO_COMMIT_IDENTITY: 1,
    COMMITS_GO_BACK: 1,
  }),
  whole('fused-three', '3 workers; crash, expiry, duplicate', {
    WORKERS: 3,
    WAIT_AT: 9,
    CRASHES: 1,
    EXPIRIES: 1,
    DUPLICATES: 1,
  }),
  whole('fused-key', '2 workers; event, the lease key is gone, crash, lost reply', { CRASHES: 1, REPLIES: 1, FORGETS: 1 }),
  whole('split-crash', '2 workers; lease store apart, event, crash, expiry, lost reply', {
    SPLIT: 1,
    CRASHES: 1,
    EXPIRIES: 1,
    REPLIES: 1,
  }),
  whole('split-lease', '2 workers; lease store apart and failing over, expiry', {
    SPLIT: 1,
    WAIT_AT: 9,
    EXPIRIES: 1,
    FAILOVERS: 1,
    OF: 1,
  }),
  whole('split-record', '2 workers; lease store apart, record failing over, expiry', {
    SPLIT: 1,
    WAIT_AT: 9,
    EXPIRIES: 1,
    FAILOVERS: 1,
    OF: 2,
  }),
];

/** One guard taken away: the search must find what goes wrong. */
export const MUTANTS = [
  without('fencing', 'K1: fence and steps in commit', 'FENCING', /^I[12]/, { EXPIRIES: 1 }),
  without('retries', 'K2: retries in fail', 'RETRIES', /^I1 retries/, {
    WAIT_AT: 9,
    STEPS: 1,
    FAILURES: 2,
    FAILOVERS: 1,
    NO_COMMIT_IDENTITY: 1,
    COMMITS_GO_BACK: 1,
  }),
  without('nonce', 'L1: nonce of an attempt', 'NONCE', /^I2 token/, { DUPLICATES: 1 }),
  without('floor', 'L2: floor under the next token', 'FLOOR', /^I2 token/, { FORGETS: 1 }),
  without('jump', 'L3: jump on another server', 'JUMP', /^I2 token/, { EXPIRIES: 1, FAILOVERS: 1 }),
  without('start-identity', 'L3: the server noted at start', 'START_IDENTITY', /^I2 token/, { EXPIRIES: 1, FAILOVERS: 1 }),
  without('commit-identity', 'K1: the claim ends with its server', 'COMMIT_IDENTITY', /^I2 commit/, {
    EXPIRIES: 1,
    FAILOVERS: 1,
  }),
  without('advance', 'L4: expiry and identity in advance', ['ADVANCE_EXPIRY', 'ADVANCE_IDENTITY'], /^I2 token/, {
    EXPIRIES: 1,
    FAILOVERS: 1,
    REPLIES: 1,
    NO_COMMIT_IDENTITY: 1,
    COMMITS_GO_BACK: 1,
  }),
  without('advance-identity', 'L4: identity alone', 'ADVANCE_IDENTITY', /^I2 token/, {
    EXPIRIES: 1,
    FAILOVERS: 1,
    REPLIES: 1,
    NO_COMMIT_IDENTITY: 1,
    COMMITS_GO_BACK: 1,
  }),
  without('inbox', 'K4: inbox re-read in commit', 'INBOX', /^I3/, {}),
  without('watchdog', 'J2: the sweep', 'WATCHDOG', /^I3/, { CRASHES: 1 }),
  without('drive', 'J1: generation in the job id', 'DRIVE', /^I3/, { CRASHES: 1 }),
  without('compare', 'C2: the job compared before the claim', 'COMPARE', /^I/, { DUPLICATES: 1 }),
  without('begin-fence', 'C1: fence in begin', 'BEGIN_FENCE', /^I2 token/, { SPLIT: 1, EXPIRIES: 1, EARLY: 1 }),
  without('next-token', 'K3: the next token in the record', 'NEXT_TOKEN', /^I/, { SPLIT: 1, EXPIRIES: 1, FAILOVERS: 1 }),
];
