import { useLab } from '../../state/use-lab.ts'
import { lastAnalysisSeconds } from '../lab/transport.ts'

/** Seconds that the last measurement and analysis took together; null when none was made. */
export function useLastAnalysisSeconds(): number | null {
  return useLab(lastAnalysisSeconds)
}
