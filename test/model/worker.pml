/* A worker: takes a job, claims its machine, runs steps, each ended by one word. It may die wherever it can be chosen. */

/* Whether the reply of the script that has just run comes; if not, the client sends the same again. */
#define REPLY_LOST replies > 0 -> replies--

/* The job in the queue that it has in hand; a duplicate is in nobody's. */
#define MINE (states[slot] == 2 || states[slot] == 4) && jobs[slot] == job

inline forget() {
  nonces[me] = 0; adding[me] = NONE;
  job = 0; slot = 0; fence = 0; steps = 0; retries = 0; word = 0; result = 0
#ifdef SPLIT
  ; floor = 0; peeked = 0; from = 0
#endif
}

/* Its job stays active. One that nobody can ask for any more goes: BullMQ's stall check finds it some day. */
inline die() {
  crashes--;
  if
  :: MINE -> if :: job == CURRENT -> states[slot] = 3 :: else -> states[slot] = 0; jobs[slot] = 0 fi
  :: else
  fi;
  forget()
}

inline end_job() {
  if :: MINE -> states[slot] = 0; jobs[slot] = 0 :: else fi
}

inline put_back() {
  if :: MINE -> states[slot] = 1 :: else fi
}

active [WORKERS] proctype worker() {
  byte job, slot, fence, steps, retries, word, result, before_fence, before_retries;
#ifdef SPLIT
  byte floor, peeked, from;
#endif

end_idle:
  atomic {
    if
    :: states[0] == 1 -> slot = 0
    :: states[1] == 1 -> slot = 1
    :: states[2] == 1 -> slot = 2
    :: states[3] == 1 -> slot = 3
    fi;
    job = jobs[slot];
    if
    :: true -> states[slot] = 2
    :: duplicates > 0 -> duplicates--; slot = NOWHERE
    fi;
    d_step { fresh_nonce() }
  }

#ifndef SPLIT
open:
  atomic {
    if
    :: crashes > 0 -> d_step { die() }; goto end_idle
    :: true ->
       d_step { open_script() };
       if
       :: REPLY_LOST; d_step { fence = 0; steps = 0; retries = 0; result = 0; adding[me] = NONE }; goto open
       :: result == CLAIMED -> d_step { result = 0; if :: MINE -> states[slot] = 4 :: else fi }; goto step
       :: result == HELD -> d_step { put_back(); forget() }; goto end_idle
       :: result == REFUSED -> result = 0; goto finish
       fi
    fi
  }
#else
open:
  atomic {
    if
    :: crashes > 0 -> d_step { die() }; goto end_idle
    :: true ->
       d_step { peek_script() };
       if
       :: result == FREE -> result = 0
       :: result == REFUSED -> result = 0; goto finish
       fi
    fi
  }
acquire:
  atomic {
    if
    :: crashes > 0 -> d_step { die() }; goto end_idle
    :: true ->
       d_step { acquire_script() };
       if
       :: REPLY_LOST; d_step { fence = 0; result = 0 }; goto acquire
       :: result == FREE -> result = 0
       :: result == HELD -> d_step { put_back(); forget() }; goto end_idle
       fi
    fi
  }
begin:
  atomic {
    if
    :: crashes > 0 -> d_step { die() }; goto end_idle
    :: true ->
       d_step { begin_script() };
       if
       :: REPLY_LOST; d_step { steps = 0; retries = 0; result = 0; adding[me] = NONE }; goto begin
       :: result == CLAIMED -> d_step { result = 0; if :: MINE -> states[slot] = 4 :: else fi }; goto step
       :: result == REFUSED -> result = 0; goto release
       fi
    fi
  }
#endif

step:
  atomic {
    before_fence = fence; before_retries = retries;
    if
    :: crashes > 0 -> d_step { die(); before_fence = 0; before_retries = 0 }; goto end_idle
    :: word == 0 && !(LIVE && lease.fence == fence) -> before_fence = 0; before_retries = 0; goto finish /* its lease is lost: it may say nothing at all */
    :: word == 0 || word == COMMIT -> word = COMMIT; d_step { commit_script() }
    :: (word == 0 && steps + 1 < STEPS && steps != WAIT_AT) || word == REST -> word = REST; d_step { commit_script() }
    :: (word == 0 && failures > 0) || word == FAIL ->
       if :: word == 0 -> failures--; word = FAIL :: else fi;
       d_step { fail_script() }
    :: (word == 0 && releases > 0) || word == RELEASE ->
       if :: word == 0 -> releases--; word = RELEASE :: else fi;
       d_step { release_script() }
    fi;
    if
    :: REPLY_LOST;
       if :: result == GOES_ON -> fence = before_fence; steps--; retries = before_retries :: else fi;
       before_fence = 0; before_retries = 0; result = 0; adding[me] = NONE; goto step
    :: result == GOES_ON -> word = 0; result = 0; before_fence = 0; before_retries = 0
    :: result != GOES_ON -> word = 0; result = 0; before_fence = 0; before_retries = 0; goto release
    fi
  }
#ifdef SPLIT
advance:
  atomic {
    if
    :: crashes > 0 -> d_step { die() }; goto end_idle
    :: true ->
       d_step { advance_script() };
       if
       :: REPLY_LOST; result = 0; goto advance
       :: result == GOES_ON -> result = 0; goto step
       :: result == REFUSED -> result = 0
       fi
    fi
  }
  atomic { /* the commit stands: the record is handed back under the token that it has, and the machine driven anew */
    if
    :: crashes > 0 -> d_step { die() }; goto end_idle
    :: true -> d_step { release_script() }; result = 0; fence--; goto release
    fi
  }
#else
  goto step;
#endif

release:
#ifdef SPLIT
  atomic {
    if
    :: crashes > 0 -> d_step { die() }; goto end_idle
    :: true -> d_step { release_lease(fence) }
    fi
  }
#endif

finish:
  atomic {
    if
    :: crashes > 0 -> d_step { die() }
    :: true ->
       d_step {
         if :: adding[me] != NONE -> add(adding[me]) :: else fi;
         end_job();
         forget()
       }
    fi;
    goto end_idle
  }
}
