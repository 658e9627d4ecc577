import type { Notice } from '../contracts/session.ts'
import { MAX_NOTICES, type LabState, type StoredNotice } from './lab-state.ts'

/** The state with a notice at the end of its list; one that repeats the last is not listed twice. */
export function withNotice(state: LabState, notice: Notice, source: StoredNotice['source'] = 'lab'): LabState {
  const last = state.notices.at(-1)
  if (last !== undefined && last.message === notice.message && last.level === notice.level) return state
  const stored: StoredNotice = { ...notice, source, id: state.noticeCount }
  return { ...state, notices: [...state.notices, stored].slice(-MAX_NOTICES), noticeCount: state.noticeCount + 1 }
}

/** The state without the notice of that number. */
export function withoutNotice(state: LabState, id: number): LabState {
  return { ...state, notices: state.notices.filter((notice) => notice.id !== id) }
}
