import { awaitCall, call, collect, joinTeam, reportDone } from './control'
import { gemm } from './gemm'
import { scatterPairs } from './pairs'
import { arrange, inspect, restore, symmetrise } from './rows'
import { reduceRows } from './tridiagonal'
import { writeVectors } from './vectors'

/** Kinds of jobs, in the numbering of the host. */
const LEAVE: u32 = 0
const GEMM: u32 = 1
const REDUCE_ROWS: u32 = 2
const INSPECT: u32 = 3
const SYMMETRISE: u32 = 4
const RESTORE: u32 = 5
const ARRANGE: u32 = 6
const SCATTER_PAIRS: u32 = 7
const WRITE_VECTORS: u32 = 8

function work(kind: u32): void {
  switch (kind) {
    case LEAVE: break
    case GEMM: gemm(); break
    case REDUCE_ROWS: reduceRows(); break
    case INSPECT: inspect(); break
    case SYMMETRISE: symmetrise(); break
    case RESTORE: restore(); break
    case ARRANGE: arrange(); break
    case SCATTER_PAIRS: scatterPairs(); break
    case WRITE_VECTORS: writeVectors(); break
    default: unreachable()
  }
}

/** Does a job together with the threads that follow; its arguments lie in memory. For thread 0 alone. */
export function lead(kind: u32, threads: u32): void {
  joinTeam(0, threads)
  call(kind)
  work(kind)
  collect()
}

/** Takes part in jobs until thread 0 calls to leave. The host sets the count of calls to zero before both begin. */
export function follow(thread: u32, threads: u32): void {
  joinTeam(thread, threads)
  for (let calls = 0; ; calls++) {
    const kind = awaitCall(calls)
    work(kind)
    reportDone()
    if (kind == LEAVE) return
  }
}
