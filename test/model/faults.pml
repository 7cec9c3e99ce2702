/* What happens to the machine from outside: time, the watchdog, the sender of the event, and faults. */

inline slot_of_current() {
  k = NONE;
  for (i : 0 .. JOBS - 1) { if :: states[i] && jobs[i] == CURRENT -> k = i :: else fi }
  i = 0
}

#ifdef NO_START_IDENTITY
#define START 0
#else
#define START identity
#endif

/* J2: looked after while a job is due, or a worker runs it whose lease is over. With a lease store of
   its own the sweep sees that by the renewals that do not come any more. */
#ifdef SPLIT
#define LOOKED_AFTER (rec.status == QUEUED || (rec.status == RUNNING && (!LIVE || !IN_HAND(rec.nonce))))
#else
#define LOOKED_AFTER (rec.status == QUEUED || (rec.status == RUNNING && !LIVE))
#endif
#define JOB_IS(n, s) (states[n] == s && jobs[n] == CURRENT)
#define CURRENT_IS(s) (JOB_IS(0, s) || JOB_IS(1, s) || JOB_IS(2, s) || JOB_IS(3, s))
#define CURRENT_IS_GONE (!CURRENT_IS(1) && !CURRENT_IS(2) && !CURRENT_IS(3) && !CURRENT_IS(4))

inline copy_record(to, it) {
  to.status = it.status; to.steps = it.steps; to.retries = it.retries; to.fence = it.fence; to.nonce = it.nonce;
  to.committed = it.committed; to.failed = it.failed; to.drive = it.drive; to.server = it.server;
  to.inbox = it.inbox; to.seen = it.seen; to.commits = it.commits; to.failures = it.failures
}
inline copy_lease(to, it) {
  to.fence = it.fence; to.nonce = it.nonce; to.steps = it.steps; to.retries = it.retries; to.server = it.server;
  to.live = it.live; to.advanced = it.advanced
}
inline clear_lease(l) {
  l.fence = 0; l.nonce = 0; l.steps = 0; l.retries = 0; l.server = 0; l.live = 0; l.advanced = 0
}
inline clear_record(r) {
  r.status = 0; r.steps = 0; r.retries = 0; r.fence = 0; r.nonce = 0; r.committed = 0; r.failed = 0; r.drive = 0; r.server = 0;
  r.inbox = 0; r.seen = 0; r.commits = 0; r.failures = 0
}

active proctype faults() {
  d_step { rec.server = START; add(CURRENT) }
end_loop:
  do
  /* the sender: resends what it does not know to have arrived */
  :: d_step { WAIT_AT < STEPS && !rec.seen -> deliver_script() }

  /* a lease runs out, with or without its worker */
  :: d_step { LIVE && !IN_HAND(lease.nonce) -> lease.live = 0 }
  :: d_step { LIVE && IN_HAND(lease.nonce) && expiries > 0 -> expiries--; lease.live = 0 }

#ifndef NO_WATCHDOG
  /* the job is not there: it is made anew */
  :: d_step { LOOKED_AFTER && CURRENT_IS_GONE && !ABOUT_TO_ADD(CURRENT) -> add(CURRENT) }
  :: d_step { LOOKED_AFTER && CURRENT_IS_GONE && ABOUT_TO_ADD(CURRENT) && early > 0 -> early--; add(CURRENT) }
  /* the job is active, and nobody has the lease: a new id (J1); the sweep after the next adds it */
#ifndef NO_DRIVE
  :: d_step { LOOKED_AFTER && (CURRENT_IS(3) || CURRENT_IS(4)) -> bump() }
  :: d_step { LOOKED_AFTER && CURRENT_IS(2) && early > 0 -> early--; bump() }
#endif
#endif

  :: d_step { losses > 0 && CURRENT_IS(1) -> losses--; slot_of_current(); states[k] = 0; jobs[k] = 0; k = 0 }

  :: d_step { forgets > 0 && lease.fence -> forgets--; clear_lease(lease) }

  /* a replica, or a snapshot, that lags behind from here on … */
  :: atomic {
       failovers > 0 && !kept -> kept = 1;
#ifdef SPLIT
       if
       :: OF != 2 -> whose = 1; d_step { copy_lease(oldlease, lease) }
       :: OF != 1 -> whose = 2; d_step { copy_record(oldrec, rec) }
       fi
#else
       d_step { copy_lease(oldlease, lease); copy_record(oldrec, rec) }
#endif
     }
  /* … takes over. */
  :: atomic {
       d_step {
         kept -> failovers--; kept = 0;
#ifdef SPLIT
         if
         :: whose == 1 -> lserver++; copy_lease(lease, oldlease)
         :: else -> identity++; copy_record(rec, oldrec)
         fi;
         whose = 0;
#else
         identity++; copy_lease(lease, oldlease); copy_record(rec, oldrec);
#endif
#ifdef COMMITS_GO_BACK
         committed = rec.committed;
#endif
         clear_lease(oldlease);
         clear_record(oldrec)
       }
#ifndef SPLIT
       if /* jobs go with the record's server, or do not */
       :: true
       :: d_step { for (i : 0 .. JOBS - 1) { states[i] = 0; jobs[i] = 0 } i = 0 }
       fi
#endif
     }
  od
}
