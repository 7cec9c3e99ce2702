/* The lease: beside the record, where its scripts are part of the record's, or in a store of its own (SPLIT). */

#define LIVE (lease.live && lease.nonce)
/* L1: the same attempt again gets the same answer; NO_NONCE takes any attempt at the same (steps, retries) for it. */
#ifdef NO_NONCE
#define LEASE_REPEAT (LIVE && lease.steps == STEPS_OF(job) && lease.retries == RETRIES_OF(job))
#define RECORD_REPEAT true
#else
#define LEASE_REPEAT (lease.nonce == nonces[me] && lease.steps == STEPS_OF(job) && lease.retries == RETRIES_OF(job))
#define RECORD_REPEAT (rec.nonce == nonces[me])
#endif

/* L4 */
#ifdef NO_ADVANCE_EXPIRY
#define NOT_EXPIRED true
#else
#define NOT_EXPIRED LIVE
#endif
#ifdef NO_ADVANCE_IDENTITY
#define GRANTED_HERE true
#else
#define GRANTED_HERE (lease.server == lserver)
#endif
#define LEASE_CAN_ADVANCE (lease.nonce && NOT_EXPIRED && lease.fence == fence && GRANTED_HERE)

/* L2, L3. Server time in µs is above every token that any server has handed out. */
inline grant(floor, jump) {
#ifdef NO_FLOOR
  fence = lease.fence;
#else
  fence = MAX(lease.fence, floor);
#endif
#ifndef NO_JUMP
  if :: (lease.server && lease.server != lserver) || (jump) -> fence = MAX(fence, issued) :: else fi;
#endif
  fence++;
  lease.fence = fence; lease.nonce = nonces[me]; lease.steps = STEPS_OF(job); lease.retries = RETRIES_OF(job);
  lease.server = lserver; lease.live = 1; lease.advanced = 0
}

inline lease_end() {
  lease.nonce = 0; lease.live = 0
}

/* The lowest number that nobody holds or remembers stands for one that was never used. */
inline fresh_nonce() {
  nonces[me] = 0;
  k = 1;
  do
  :: k == lease.nonce || k == rec.nonce || k == oldlease.nonce || k == oldrec.nonce || IN_HAND(k) -> k++
  :: else -> break
  od;
  nonces[me] = k;
  k = 0
}

#ifndef SPLIT

#define CAN_ADVANCE LEASE_CAN_ADVANCE

/* The first grant has none before it: `start` has noted the server. */
#ifdef NO_START_IDENTITY
#define START_JUMP false
#else
#define START_JUMP (rec.server != identity)
#endif

/* open = peek + acquire + begin, one script */
inline open_script() {
  compare();
  if
  :: result == FREE && RECORD_REPEAT && LEASE_REPEAT -> fence = lease.fence; claim_reply()
  :: result == FREE && !(RECORD_REPEAT && LEASE_REPEAT) ->
     if
     :: LIVE -> result = HELD
     :: else -> grant(rec.fence, START_JUMP); claim_write()
     fi
  :: else
  fi
}

inline advance_beside() {
  lease.fence = fence + 1; lease.steps = steps + 1; lease.retries = 0; lease.live = 1; lease.advanced = 1;
  rec.fence = fence + 1;
  issue(fence + 1)
}

/* The lease's hash goes: the record's fence and server are what the next claim needs (L6). */
inline release_beside() {
  if
  :: LIVE && lease.fence == fence ->
     rec.server = lease.server;
     lease.fence = 0; lease.nonce = 0; lease.steps = 0; lease.retries = 0; lease.server = 0; lease.live = 0; lease.advanced = 0
  :: else
  fi
}

#else

#define CAN_ADVANCE true

/* Decision 7: the commit writes the next token into the record; the lease store is asked after its reply. */
inline advance_beside() {
#ifndef NO_NEXT_TOKEN
  rec.fence = fence + 1;
#endif
  skip
}
inline release_beside() { skip }

inline peek_script() {
  compare();
  if
  :: result == FREE -> floor = rec.fence; peeked = identity; from = rec.server
  :: else
  fi
}

inline acquire_script() {
  if
  :: LEASE_REPEAT -> fence = lease.fence; result = FREE
  :: else ->
     if
     :: LIVE -> result = HELD
     :: else -> grant(floor, from && from != peeked); result = FREE
     fi
  fi
}

/* S1 */
#ifdef NO_PEEKED
#define BEGIN_HERE true
#else
#define BEGIN_HERE (identity == peeked)
#endif
inline begin_script() {
  compare();
  if
  :: result == FREE ->
     if
     :: rec.fence == fence && RECORD_REPEAT -> claim_reply()
     :: else ->
        if
#ifdef NO_BEGIN_FENCE
        :: BEGIN_HERE -> claim_write()
#else
        :: fence > rec.fence && BEGIN_HERE -> claim_write() /* C1 */
#endif
        :: else -> result = REFUSED
        fi
     fi
  :: else
  fi
}

/* `fence` and `steps` are the next step's already. */
inline advance_script() {
  if
  :: lease.advanced && lease.nonce && lease.fence == fence && lease.steps == steps && lease.retries == 0 -> result = GOES_ON
  :: else ->
     fence--;
     if
     :: LEASE_CAN_ADVANCE && lease.steps == steps - 1 ->
        lease.fence = fence + 1; lease.steps = steps; lease.retries = 0; lease.live = 1; lease.advanced = 1;
        issue(fence + 1);
        result = GOES_ON
     :: else -> result = REFUSED
     fi;
     fence++
  fi
}

inline release_lease(token) {
  if :: LIVE && lease.fence == (token) -> lease_end() :: else fi
}

#endif
