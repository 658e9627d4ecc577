/**
 * The first pages of the memory, in the numbering of `layout.ts` on the host: words that threads meet at, each on a line
 * of its own, and the arguments of the job at hand.
 */
const EPOCH: usize = 4096
const FINISHED: usize = EPOCH + 64
const ARRIVED: usize = EPOCH + 128
const PASSED: usize = EPOCH + 192
const NEXT_PIECE: usize = EPOCH + 256
const CANCELLED: usize = EPOCH + 320
const JOB: usize = EPOCH + 384
const SLEEPERS: usize = EPOCH + 448
/** First piece of the job to be done, and the one after the last. */
const WINDOW: usize = 8184
const WORDS: usize = 8192

/**
 * Looks at a word before a thread lies down: some hundred microseconds. Within the reduction threads wait for each other
 * for less than that, and waking one takes longer than a row.
 */
const PATIENCE: i32 = 30000

/**
 * Sleeping and waking are left to the host: after `memory.atomic.wait32` the baseline compiler of V8 11 (Node 20) has been
 * seen to store to a wrong address, while a call is safe.
 */
@external("env", "sleep")
declare function sleep(place: usize, old: i32): void
@external("env", "wake")
declare function wake(place: usize): void

/** Threads of the job at hand, and which of them this one is. */
let team: u32 = 1
let self: u32 = 0

export function joinTeam(thread: u32, threads: u32): void {
  self = thread
  team = threads
}

export function threads(): u32 {
  return team
}

export function thread(): u32 {
  return self
}

/** Argument i of the job: a number of 32 bits. */
export function word(i: u32): u32 {
  return load<u32>(WORDS + (i << 2))
}

/** Argument i of the job: an address. */
export function address(i: u32): usize {
  return load<u32>(WORDS + (i << 2))
}

function awaitChange(place: usize, old: i32): void {
  if (!ASC_FEATURE_THREADS) return
  for (let looks = 0; looks < PATIENCE; looks++) if (atomic.load<i32>(place) != old) return
  atomic.add<i32>(SLEEPERS, 1)
  while (atomic.load<i32>(place) == old) sleep(place, old)
  atomic.sub<i32>(SLEEPERS, 1)
}

/**
 * Wakes who sleeps at a word that has changed. To the host only where anybody sleeps at all: threads count themselves
 * before they look at the word for the last time, so that either they see the change or are seen here.
 */
function announce(place: usize): void {
  if (atomic.load<i32>(SLEEPERS) != 0) wake(place)
}

/** Returns when every thread of the job is here; what was written before is then seen by all. */
export function barrier(): void {
  if (!ASC_FEATURE_THREADS || team == 1) return
  const phase = atomic.load<i32>(PASSED)
  if (<u32>atomic.add<i32>(ARRIVED, 1) == team - 1) {
    atomic.store<i32>(ARRIVED, 0)
    atomic.add<i32>(PASSED, 1)
    announce(PASSED)
    return
  }
  awaitChange(PASSED, phase)
}

/** To be called by one thread while no other takes pieces. */
export function resetPieces(): void {
  store<u32>(NEXT_PIECE, load<u32>(WINDOW))
}

/** A number that no other thread gets, counted on from the reset; beyond all pieces at the end of the window or after a cancel. */
export function nextPiece(): u32 {
  let piece: u32
  if (ASC_FEATURE_THREADS) {
    if (atomic.load<i32>(CANCELLED) != 0) return u32.MAX_VALUE
    piece = atomic.add<u32>(NEXT_PIECE, 1)
  } else {
    piece = load<u32>(NEXT_PIECE)
    store<u32>(NEXT_PIECE, piece + 1)
  }
  return piece < load<u32>(WINDOW, 4) ? piece : u32.MAX_VALUE
}

/** Calls the other threads to a job. */
export function call(kind: u32): void {
  resetPieces()
  if (!ASC_FEATURE_THREADS || team == 1) return
  store<u32>(JOB, kind)
  atomic.store<i32>(FINISHED, 0)
  atomic.add<i32>(EPOCH, 1)
  announce(EPOCH)
}

/** Returns when all the others have done their part. */
export function collect(): void {
  if (!ASC_FEATURE_THREADS || team == 1) return
  while (true) {
    const finished = atomic.load<i32>(FINISHED)
    if (<u32>finished == team - 1) return
    awaitChange(FINISHED, finished)
  }
}

/** Waits for the next call after `calls` of them and returns the kind of job. */
export function awaitCall(calls: i32): u32 {
  awaitChange(EPOCH, calls)
  return load<u32>(JOB)
}

export function reportDone(): void {
  if (!ASC_FEATURE_THREADS) return
  atomic.add<i32>(FINISHED, 1)
  announce(FINISHED)
}
