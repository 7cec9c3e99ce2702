import * as fc from 'fast-check';
import { buildLog, type Entry } from '../log';
import { checkLog, describeViolation, type Summary } from './check';
import { DOCTORINGS } from './testing/doctorings';
import { OPTIONS, runPlans, writeLog } from './testing/valid-log';

const RUNS = { numRuns: 200 };

function check(entries: Iterable<Entry>): Summary {
  return checkLog(buildLog(entries), OPTIONS);
}

function expectClean({ violations }: Summary): void {
  expect(violations.map(describeViolation)).toEqual([]);
}

it('finds nothing in what a correct run leaves, whichever claims die, fail or come late', () => {
  fc.assert(
    fc.property(runPlans(), (plans) => expectClean(check(writeLog(plans)))),
    { numRuns: 500 },
  );
});

it('finds nothing in the order in which files are read: one process after the other', () => {
  fc.assert(
    fc.property(runPlans(), (plans) => {
      const entries = writeLog(plans).sort((a, b) => (a.source < b.source ? -1 : a.source > b.source ? 1 : a.seq - b.seq));
      expectClean(check(entries));
    }),
    RUNS,
  );
});

it.each(DOCTORINGS)('$invariant: $what, and it is found', ({ invariant, apply }) => {
  fc.assert(
    fc.property(runPlans(), fc.nat(), (plans, pick) => {
      const entries = apply(writeLog(plans), pick);
      fc.pre(entries !== undefined);
      expect(check(entries).counts[invariant]).toBeGreaterThan(0);
    }),
    RUNS,
  );
});

describe('where the store has lost its tail', () => {
  const losing = fc.integer({ min: 2, max: 4 });

  it('finds nothing when a lost entry says so, and counts the steps that are seen to be lost', () => {
    fc.assert(
      fc.property(runPlans(losing), (plans) => {
        const summary = check(writeLog(plans));
        expectClean(summary);
        expect(summary.figures.losses.steps).toBeGreaterThan(0);
      }),
      RUNS,
    );
  });

  it('finds the lost commits when none does', () => {
    fc.assert(
      fc.property(runPlans(losing), (plans) => {
        const entries = writeLog(plans).filter(({ kind }) => kind !== 'lost');
        expect(check(entries).counts.I1).toBeGreaterThan(0);
      }),
      RUNS,
    );
  });

  const stillHeld = DOCTORINGS.filter(({ what }) =>
    /another process|lower fence|commit is|writes twice|takes a repeat/.test(what),
  );
  it.each(stillHeld)('still finds that $what ($invariant)', ({ invariant, apply }) => {
    fc.assert(
      fc.property(runPlans(losing), fc.nat(), (plans, pick) => {
        const entries = apply(writeLog(plans), pick);
        fc.pre(entries !== undefined);
        expect(check(entries).counts[invariant]).toBeGreaterThan(0);
      }),
      RUNS,
    );
  });
});
