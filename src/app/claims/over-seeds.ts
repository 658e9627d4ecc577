import { formatSpread, moments } from '../../figures/index.ts'
import type { ClaimFinding } from './claim.ts'

/**
 * One finding from those of several seeds, the main one first: the verdict of the majority, in how many seeds the claim
 * holds, and mean and standard deviation of what decides. Seeds in which nothing was measured do not count.
 */
export function overSeeds(findings: readonly ClaimFinding[]): ClaimFinding {
  const [main] = findings
  const decided = findings.filter(({ verdict }) => verdict !== 'notMeasured')
  if (main.verdict === 'notMeasured' || decided.length < 2) return main
  const holds = decided.filter(({ verdict }) => verdict === 'holds').length
  const spreads = main.quantities.map(({ name }) => `${name} ${spreadOf(name, decided)}`)
  return { ...main, verdict: 2 * holds > decided.length ? 'holds' : 'fails', evidence: [inSeeds(holds, decided.length), spreads.join(', ')].filter((part) => part !== '').join('; ') }
}

function inSeeds(holds: number, all: number): string {
  if (holds === all) return `holds in all ${String(all)} seeds`
  return `holds in ${holds === 0 ? 'none' : String(holds)} of ${String(all)} seeds`
}

function spreadOf(name: string, findings: readonly ClaimFinding[]): string {
  const values = findings.flatMap(({ quantities }) => quantities.filter((quantity) => quantity.name === name).map(({ value }) => value))
  return formatSpread(moments(values))
}
