/* The record's scripts, and the queue. Each inline is called within one d_step; `me` is the worker that sent the script. */

/* K1. NO_FENCING leaves only what the status says. */
#ifdef NO_FENCING
#define OURS (rec.status == RUNNING)
#else
#define OURS (rec.status == RUNNING && rec.steps == steps && SAME_SERVER \
  && (fence > rec.fence || (fence == rec.fence && rec.nonce == nonces[me])))
#endif
/* A claim does not outlive the server that granted it: else a step that was committed under a later token, and lost with the failover,
   is committed anew under an earlier one. */
#ifdef NO_COMMIT_IDENTITY
#define SAME_SERVER true
#else
#define SAME_SERVER (rec.server == identity)
#endif

/* BullMQ: adding an id that is there, in whatever state, is swallowed. Dead jobs that nobody asks for go: its stall check finds them. A job that
   finds no room is lost: jobs are hints. */
inline add(j) {
  k = JOBS;
  for (i : 0 .. JOBS - 1) {
    if :: states[i] == 3 && jobs[i] != CURRENT -> states[i] = 0; jobs[i] = 0 :: else fi;
    if
    :: states[i] && jobs[i] == (j) -> k = NONE
    :: states[i] == 0 && k == JOBS -> k = i
    :: else
    fi
  }
  if :: k < JOBS -> jobs[k] = j; states[k] = 1 :: else fi;
  i = 0; k = 0
}

/* claim_refusal: the job is compared before anything is claimed (C2); who drops a job re-drives what the record waits for. */
inline compare() {
  result = FREE;
#ifndef NO_COMPARE
  if
  :: STEPS_OF(job) > rec.steps || (STEPS_OF(job) == rec.steps && RETRIES_OF(job) > rec.retries) ->
     result = REFUSED;
     if :: rec.status == QUEUED || rec.status == RUNNING -> adding[me] = CURRENT :: else fi
  :: else ->
     if
     :: rec.status == WAITING || rec.status == DONE -> result = REFUSED
     :: else ->
        if
        :: STEPS_OF(job) == rec.steps && RETRIES_OF(job) == rec.retries
        :: else -> result = REFUSED; if :: rec.status == QUEUED -> adding[me] = CURRENT :: else fi
        fi
     fi
  fi
#endif
}

/* What `begin` writes, and answers. */
inline claim_write() {
  rec.status = RUNNING; rec.fence = fence; rec.nonce = nonces[me];
  rec.server = identity;
  issue(fence);
  claim_reply()
}
/* I2: nor does one go to two attempts. */
inline claim_reply() {
  assert(/* I2 token */ rec.nonce == nonces[me]);
  steps = rec.steps; retries = rec.retries; result = CLAIMED
}

/* I2: a machine's tokens only grow, whatever was lost meanwhile. */
inline issue(token) {
  assert(/* I2 token */ (token) > issued);
  issued = token
}

inline bump() {
  rec.drive++;
  assert(/* BOUND */ rec.drive < 16)
}

inline commit_script() {
  if
  :: rec.committed == fence -> /* its own repeat */
     if
     :: rec.status == RUNNING && rec.nonce == nonces[me] -> fence = rec.fence; steps++; retries = 0; result = GOES_ON
     :: else -> result = RESTS; if :: rec.status != WAITING && rec.status != DONE -> adding[me] = JOB(steps + 1, 0, rec.drive) :: else fi
     fi
  :: else ->
     if
     :: OURS -> commit_write()
     :: else -> result = REFUSED
     fi
  fi
}

inline commit_write() {
  assert(/* I1 */ steps == rec.commits && steps < STEPS);
  assert(/* I2 commit */ fence >= committed);
  assert(/* I5 */ steps != WAIT_AT + 1 || (rec.seen && !rec.inbox));
  committed = fence;
  rec.commits++;
  rec.committed = fence; rec.fence = fence; rec.nonce = nonces[me];
  rec.steps = steps + 1; rec.retries = 0; rec.failures = 0;
  result = RESTS;
  if
  :: steps + 1 == STEPS -> rec.status = DONE
  :: steps + 1 < STEPS && steps == WAIT_AT ->
     rec.status = WAITING;
#ifndef NO_INBOX
     if /* K4: what came meanwhile is taken in the same script */
     :: rec.inbox -> rec.inbox = 0; rec.status = QUEUED; bump(); if :: word == COMMIT && CAN_ADVANCE -> result = GOES_ON :: else fi
     :: else
     fi
#endif
  :: else ->
     rec.status = QUEUED;
     if :: word == COMMIT && CAN_ADVANCE -> result = GOES_ON :: else fi
  fi;
  if
  :: result == GOES_ON ->
     rec.status = RUNNING;
     advance_beside();
     fence++; steps++; retries = 0
  :: else ->
     release_beside();
     if :: rec.status == QUEUED -> adding[me] = CURRENT :: else fi
  fi
}

inline fail_script() {
  result = RESTS;
  if
  :: rec.failed == fence -> if :: rec.status != DONE -> adding[me] = JOB(steps, retries + 1, rec.drive) :: else fi
  :: else ->
     if
#ifdef NO_RETRIES
     :: OURS ->
#else
     :: OURS && rec.retries == retries ->
#endif
        rec.failures++;
        rec.fence = fence; rec.nonce = nonces[me]; rec.failed = fence;
        rec.status = QUEUED; rec.retries = retries + 1;
        assert(/* I1 retries */ rec.retries == rec.failures);
        release_beside();
        adding[me] = CURRENT
     :: else -> result = REFUSED
     fi
  fi
}

inline release_script() {
  if
  :: rec.status == QUEUED && rec.fence == fence && rec.nonce == nonces[me] && rec.steps == steps -> result = RESTS; adding[me] = CURRENT
  :: else ->
     if
     :: OURS ->
        rec.fence = fence; rec.nonce = nonces[me];
        rec.status = QUEUED; bump();
        release_beside();
        result = RESTS; adding[me] = CURRENT
     :: else -> result = REFUSED
     fi
  fi
}

/* J3 */
inline deliver_script() {
  rec.seen = 1;
  if
  :: rec.status == WAITING -> rec.status = QUEUED; bump()
  :: else -> rec.inbox = 1
  fi
}
