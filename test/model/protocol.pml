/*
 * The lease and commit protocol of docs/protocol.md for one machine: workers, lease store, machine record, queue, watchdog, and faults
 * with small budgets. Searched exhaustively by run.mjs; README.md says what is left out.
 *
 * A script of the stores is one indivisible transition (d_step), as Redis runs it. Everything between two scripts may interleave, so
 * a pause needs no words of its own: a worker that is not chosen is paused, and goes on with the token it has.
 * Each guard stands under `#ifndef NO_<name>`: without it the search must find a violation.
 */
#ifndef WORKERS
#define WORKERS 2
#endif
#ifndef STEPS
#define STEPS 2          /* the machine ends with the commit of step STEPS - 1 */
#endif
#ifndef WAIT_AT
#define WAIT_AT 0        /* the commit of this step comes to a state that waits for the event; 9: none does */
#endif
/* Budgets of faults. What must happen anyhow (a dead worker's lease runs out, the watchdog sweeps, the sender sends) has none. */
#ifndef CRASHES
#define CRASHES 1        /* a worker loses all that it knows, at any point */
#endif
#ifndef EXPIRIES
#define EXPIRIES 1       /* a lease runs out while its worker goes on: the worker was paused, or could not renew */
#endif
#ifndef DUPLICATES
#define DUPLICATES 1     /* a job is delivered, and stays to be delivered again, at any later time */
#endif
#ifndef LOSSES
#define LOSSES 1         /* a job is lost */
#endif
#ifndef REPLIES
#define REPLIES 1        /* a script ran, its reply is lost, the client sends the same again */
#endif
#ifndef FAILURES
#define FAILURES 1       /* an attempt fails */
#endif
#ifndef RELEASES
#define RELEASES 1       /* a worker that shuts down hands its claim back */
#endif
#ifndef EARLY
#define EARLY 1          /* the watchdog looks while somebody is about to act: more than 2 s went by */
#endif
#ifndef FAILOVERS
#define FAILOVERS 1      /* a server with an older state takes over, under an identity of its own */
#endif
#ifndef FORGETS
#define FORGETS 0        /* the lease's key is gone, the record is not */
#endif
#ifndef OF
#define OF 0             /* with two servers: which one fails over, 1 the lease's, 2 the record's, 0 either */
#endif

#define JOBS 4           /* jobs in the queue at once; one more is lost, as any job may be */
#define NONE 255
#define NOWHERE JOBS

/* Status of the record. A delayed machine is a queued one whose time may have come. */
#define QUEUED 0
#define RUNNING 1
#define WAITING 2
#define DONE 3

/* A worker's word on its step; 0 while it has not spoken. */
#define COMMIT 1         /* and go on, if the machine does */
#define REST 2           /* commit, and leave the next step to a job */
#define FAIL 3
#define RELEASE 4

/* What a script answers. */
#define FREE 1
#define REFUSED 2
#define CLAIMED 3
#define HELD 4
#define GOES_ON 5
#define RESTS 6

/* Job ids: steps, retries, drive generation. */
#define JOB(s, r, g) ((s) * 32 + (r) * 16 + (g))
#define STEPS_OF(j) ((j) / 32)
#define RETRIES_OF(j) (((j) / 16) % 2)
#define CURRENT JOB(rec.steps, rec.retries, rec.drive)
#define MAX(a, b) ((a) > (b) -> (a) : (b))
#if WORKERS == 2
#define IN_HAND(n) (nonces[0] == (n) || nonces[1] == (n))
#define ABOUT_TO_ADD(j) (adding[0] == (j) || adding[1] == (j))
#else
#define IN_HAND(n) (nonces[0] == (n) || nonces[1] == (n) || nonces[2] == (n))
#define ABOUT_TO_ADD(j) (adding[0] == (j) || adding[1] == (j) || adding[2] == (j))
#endif

typedef Record {
  byte status, steps, retries, fence, nonce, committed, failed, drive, server;
  bit inbox, seen;       /* an event is kept; the event has come (its sender's key is remembered) */
  byte commits, failures /* what the history says: commits, and failed attempts of this step */
}
typedef Lease {
  byte fence, nonce, steps, retries, server;
  bit live, advanced
}

Record rec, oldrec;      /* and the state that a failover goes back to */
Lease lease, oldlease;
bit kept;                /* there is one */
byte identity = 1;       /* of the record's server */
#ifdef SPLIT
byte lserver = 1;        /* of the lease's */
byte whose;              /* which of the two fails over: 1 the lease's, 2 the record's */
#else
#define lserver identity
#endif

byte jobs[JOBS + 1];     /* ids, where the state is not 0; the last place is nowhere, where a duplicate is taken from */
byte states[JOBS + 1];       /* 0 empty, 1 waiting, 2 active, 3 active and its worker is dead, 4 active and claimed */

byte nonces[WORKERS];    /* of the attempt in hand, else 0 */
byte adding[WORKERS] = NONE; /* a job about to be added */

/* What an observer outside knows. It outlives every failover. */
byte issued;             /* the greatest fence token handed out */
byte committed;          /* the greatest fence token under which a step was committed */

byte crashes = CRASHES, expiries = EXPIRIES, duplicates = DUPLICATES, losses = LOSSES, replies = REPLIES;
byte failures = FAILURES, releases = RELEASES, early = EARLY, failovers = FAILOVERS, forgets = FORGETS;
byte i, k;               /* scratch; 0 between transitions */

#define me _pid          /* workers are the first processes */

#include "lease.pml"
#include "record.pml"
#include "worker.pml"
#include "faults.pml"

/* I3: when no fault is left and nothing can happen any more, the machine has ended. A stranded one is what this finds. */
active proctype observer() {
  timeout -> assert(/* I3 */ rec.status == DONE)
}
