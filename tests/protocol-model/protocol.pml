/*
 * One cross-bank transaction: coordinator 0, participants 1 and 2, and the register, each of which may
 * crash once; channels of two; MESSAGES messages may be lost and as many repeated. Checked by
 * `spin -search`: docs/internals/consortium-model.md says what, and how it relates to the program.
 *
 * Kinds of messages travel apart, so one kind may overtake another. A message that stays in its channel
 * is a late one: nobody is made to read. What is sent into a full channel is lost.
 *
 * With -D one rule can be taken out; then the search must find an error:
 *   GIVE_UP          a participant that waits too long gives its holds back by itself
 *   OWN_INTENT       a bank obeys what it meant to write, not what stands
 *   EMPTY_IS_ABORT   a bank that reads nothing in the register takes it for an abort
 *   ONE_YES          the coordinator is content with one yes
 *   NO_TOMBSTONE     an abort before its prepare leaves nothing behind
 *   NO_RECOVERY      a participant waits for its coordinator for ever
 *   TWICE            what was applied is applied again
 */
#ifndef MESSAGES
#define MESSAGES 1
#endif
#ifndef CRASHES
#define CRASHES 1
#endif

/* A participant has little to forget, and its crashes make most of the states. */
#ifndef PARTICIPANT_CRASHES
#define PARTICIPANT_CRASHES CRASHES
#endif

#define ABSENT    0
#define PREPARED  1
#define COMMITTED 2
#define ABORTED   3

#define NONE   0
#define COMMIT 1
#define ABORT  2
#define READ   3

#define NOBODY 3

/* Durable. */
byte state[3];
byte stands;

/* For the judge alone: holds that stand, and captures. */
byte holds[3];
byte captures[3];
#ifdef NO_TOMBSTONE
bool told[3];
#endif
bool isGone;

/* Memory: a crash takes it, and a decision makes an end of it. */
bool yes[3];
byte intent;
bool waiting[3];

byte lossesLeft = MESSAGES;
byte repeatsLeft = MESSAGES;
byte crashesLeft[4] = CRASHES;

chan prepares[3]  = [2] of { bit };
chan votes        = [2] of { byte, bool };
chan decisions[3] = [2] of { byte };
chan questions    = [2] of { byte, byte };
chan answers[3]   = [2] of { byte };

#define isDecided(i) (state[i] == COMMITTED || state[i] == ABORTED)
#define decisionOf(i) (state[i] == COMMITTED -> COMMIT : ABORT)

/*
 * What is sent arrives, or finds its channel full, or is lost, or arrives twice. Losing it later on its
 * way would be the same to all. The parameters of an inline are replaced as text, so they share no name
 * with a variable.
 */
#define carry(c, m) \
  if \
  :: nfull(c) -> c!m \
  :: full(c) \
  :: lossesLeft > 0 -> lossesLeft-- \
  :: repeatsLeft > 0 && empty(c) -> repeatsLeft--; c!m; c!m \
  fi
#define both(a, b) a,b

inline tell(TO, WHAT)         { carry(decisions[TO], WHAT) }
inline sendPrepare(TO)        { carry(prepares[TO], 1) }
inline sendVote(WHO, IS_YES)  { carry(votes, both(WHO, IS_YES)) }
inline askRegister(WHO, WHAT) { carry(questions, both(WHAT, WHO)) }

#define isPromised(i) (state[i] == PREPARED || state[i] == COMMITTED)

/*
 * Every way into `committed` and `aborted` leads through here, and here it is judged: a commit needs the
 * promise of all, which nobody may have left; so nobody may have aborted what another has committed.
 */
inline obey(I, WHAT) {
  if
  :: WHAT == COMMIT ->
    assert(isPromised(0) && isPromised(1) && isPromised(2));
    if
    :: state[I] == PREPARED -> state[I] = COMMITTED; holds[I]--; captures[I]++
#ifdef TWICE
    :: state[I] == COMMITTED -> captures[I]++
#else
    :: state[I] == COMMITTED
#endif
    fi;
    assert(captures[I] == 1)
  :: WHAT == ABORT ->
    assert(state[0] != COMMITTED && state[1] != COMMITTED && state[2] != COMMITTED);
    if
    :: state[I] == PREPARED -> state[I] = ABORTED; holds[I]--
#ifdef NO_TOMBSTONE
    :: state[I] == ABSENT -> told[I] = true
#else
    :: state[I] == ABSENT -> state[I] = ABORTED
#endif
    :: state[I] == ABORTED
    fi
  fi;
  if
  :: isDecided(I) ->
    waiting[I] = false; crashesLeft[I] = 0;
    if :: I == 0 -> intent = NONE; yes[1] = false; yes[2] = false :: else fi;
    do :: answers[I]?_ :: empty(answers[I]) -> break od
  :: else
  fi
}

inline prepareHere(I) {
#ifdef NO_TOMBSTONE
  assert(!told[I]);
#endif
  assert(holds[I] == 0);
  state[I] = PREPARED; holds[I]++
}

/* `WHAT` stands, or NONE was read. */
inline hearRegister(I, WHAT) {
  waiting[I] = false;
  if
#ifdef EMPTY_IS_ABORT
  :: WHAT == NONE -> obey(I, ABORT)
#else
  :: WHAT == NONE
#endif
  :: WHAT != NONE -> obey(I, WHAT)
  fi
}

inline create(I, WHAT) {
  waiting[I] = true;
  askRegister(I, WHAT);
#ifdef OWN_INTENT
  obey(I, WHAT)
#endif
}

#define isLost(i) (waiting[i] && empty(questions) && empty(answers[i]))

active proctype Coordinator() {
  byte from; byte decision; bool isYes;
  atomic { prepareHere(0); sendPrepare(1); sendPrepare(2) }
end:
  do
  :: atomic { votes?from,isYes ->
      if
      :: state[0] == PREPARED && intent == NONE && isYes -> yes[from] = true
      :: state[0] == PREPARED && intent == NONE && !isYes -> intent = ABORT; create(0, ABORT)
      :: else
      fi;
      from = 0; isYes = false }
#ifdef ONE_YES
  :: atomic { state[0] == PREPARED && intent == NONE && (yes[1] || yes[2]) -> intent = COMMIT; create(0, COMMIT) }
#else
  /* All have promised. */
  :: atomic { state[0] == PREPARED && intent == NONE && yes[1] && yes[2] -> intent = COMMIT; create(0, COMMIT) }
#endif
  /* Time ran out: at any time. */
  :: atomic { state[0] == PREPARED && intent == NONE -> intent = ABORT; create(0, ABORT) }
  :: atomic { state[0] == PREPARED && isLost(0) -> create(0, intent) }
  :: atomic { answers[0]?decision -> hearRegister(0, decision); decision = 0 }
  :: atomic { decisions[0]?decision -> obey(0, decision); decision = 0 }
  /* Sends again what nobody can be working on any more. */
  :: atomic { state[0] == PREPARED && intent == NONE && !yes[1] && empty(prepares[1]) && empty(votes) -> sendPrepare(1) }
  :: atomic { state[0] == PREPARED && intent == NONE && !yes[2] && empty(prepares[2]) && empty(votes) -> sendPrepare(2) }
  /* Acknowledgements are taken for granted: it knows who has applied the decision. */
  :: atomic { isDecided(0) && !isDecided(1) && empty(decisions[1]) -> tell(1, decisionOf(0)) }
  :: atomic { isDecided(0) && !isDecided(2) && empty(decisions[2]) -> tell(2, decisionOf(0)) }
  :: atomic { crashesLeft[0] > 0 && state[0] == PREPARED && (yes[1] || yes[2] || intent != NONE) ->
      crashesLeft[0]--; intent = NONE; waiting[0] = false; yes[1] = false; yes[2] = false;
      do :: answers[0]?_ :: empty(answers[0]) -> break od;
      /* And perhaps it never starts again. */
      if :: isGone = true; break :: true fi }
  od
}

proctype Participant(byte i) {
  byte decision;
end:
  do
  :: atomic { prepares[i]?_ ->
      if
      :: state[i] == ABSENT -> prepareHere(i); sendVote(i, true)
      :: state[i] == ABSENT -> sendVote(i, false)
      :: state[i] == PREPARED -> sendVote(i, true)
      :: isDecided(i) && !isDecided(0) -> tell(0, decisionOf(i))
      :: isDecided(i) && isDecided(0)
      fi }
  :: atomic { decisions[i]?decision -> obey(i, decision); decision = 0 }
#ifdef GIVE_UP
  :: atomic { state[i] == PREPARED -> obey(i, ABORT) }
#endif
#ifndef NO_RECOVERY
  /* Waited long enough, at any time: hears it from another, reads what stands, or has it aborted. */
  :: atomic { state[i] == PREPARED && isDecided(0) && empty(decisions[i]) -> tell(i, decisionOf(0)) }
  :: atomic { state[i] == PREPARED && isDecided(3 - i) && empty(decisions[i]) -> tell(i, decisionOf(3 - i)) }
  :: atomic { state[i] == PREPARED && (!waiting[i] || isLost(i)) -> waiting[i] = true; askRegister(i, READ) }
  :: atomic { state[i] == PREPARED && (!waiting[i] || isLost(i)) -> create(i, ABORT) }
#endif
  :: atomic { answers[i]?decision -> hearRegister(i, decision); decision = 0 }
  /* The two are alike: the first of them to crash is called 1, which spares a sixth of the states. */
  :: atomic { crashesLeft[i] > 0 && (i == 1 || crashesLeft[1] == 0) && state[i] == PREPARED && waiting[i] ->
      crashesLeft[i]--; waiting[i] = false;
      do :: answers[i]?_ :: empty(answers[i]) -> break od }
  od
}

active proctype Register() {
  byte what; byte from;
end:
  do
  :: atomic { questions?what,from ->
      if
      :: what != READ && stands == NONE -> stands = what
      :: else
      fi;
      if
      /* Who has decided listens no more. */
      :: isDecided(from)
      :: !isDecided(from) -> carry(answers[from], stands)
      /* It ends after writing and before answering. */
      :: crashesLeft[3] > 0 -> crashesLeft[3]--
      fi;
      what = 0; from = 0 }
  od
}

init {
  atomic {
    crashesLeft[1] = PARTICIPANT_CRASHES; crashesLeft[2] = PARTICIPANT_CRASHES;
    run Participant(1); run Participant(2)
  }
}

/* When nobody can do anything any more: all is decided, nothing is held, and the books agree. */
active proctype Judge() {
  timeout ->
  assert(isGone || (isDecided(0) && isDecided(1) && isDecided(2)));
  assert((isGone || holds[0] == 0) && holds[1] == 0 && holds[2] == 0);
  assert((isGone || captures[0] == captures[1]) && captures[1] == captures[2])
}
