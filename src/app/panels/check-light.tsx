import type { JSX } from 'react'
import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components'
import type { CheckResult, LabResult, Verdict } from '../../contracts/results.ts'
import { checkTable } from '../../figures/index.ts'
import { useLab } from '../../state/use-lab.ts'
import { useCommands } from '../lab/use-lab-context.tsx'
import { ActionButton } from '../ui/buttons.tsx'
import { Icon, type IconName } from '../ui/icons.tsx'
import { resultOf, type PanelSource } from './panel-source.ts'

const CHECKED: readonly LabResult['kind'][] = ['spectrum', 'wholeSpectrum', 'density', 'trace', 'singularValues']

/** Colour and picture of a verdict: never the colour alone. */
const LIGHTS: Readonly<Record<Verdict, { readonly tone: string; readonly icon: IconName; readonly words: string }>> = {
  good: { tone: 'good', icon: 'done', words: 'checked' },
  tolerable: { tone: 'warn', icon: 'failed', words: 'tolerable' },
  bad: { tone: 'bad', icon: 'failed', words: 'do not trust' },
  'not done': { tone: 'plain', icon: 'idle', words: 'not checked' },
}

/** Compares what a panel shows with something independent of it, and says how that went. */
export function CheckLight({ source }: { readonly source: PanelSource }): JSX.Element | null {
  const result = resultOf(source)
  const analysis = result !== null && CHECKED.includes(result.kind) && 'analysis' in result ? result.analysis : null
  const check = useLab(({ results }) => (analysis === null ? null : (results.others[`check/${String(analysis)}`] ?? null)))
  const isStale = useLab(({ stale }) => stale.has(`check/${String(analysis)}`))
  const busy = useLab((state) => state.busy)
  const commands = useCommands()
  if (analysis === null || source.stale) return null
  if (check?.kind === 'check' && !isStale) return <Verdicts check={check} onAgain={() => void commands.check(analysis)} busy={busy} />
  return (
    <Button className="chip plain check-button" isDisabled={busy} onPress={() => void commands.check(analysis)} data-testid={`check-${source.kind}`}>
      check
    </Button>
  )
}

interface VerdictsProps {
  readonly check: CheckResult
  readonly busy: boolean
  readonly onAgain: () => void
}

function Verdicts({ check, busy, onAgain }: VerdictsProps): JSX.Element {
  const { sentence, items } = checkTable(check)
  const light = LIGHTS[check.verdict]
  return (
    <DialogTrigger>
      <Button className={`chip ${light.tone} check-button`} data-testid="check-light" data-verdict={check.verdict}>
        <Icon name={light.icon} size={13} /> {light.words}
      </Button>
      <Popover className="popover check-popover" placement="bottom end">
        <Dialog aria-label="Check">
          <p>{sentence}</p>
          <ul className="check-list">
            {items.map(({ name, what, reading, verdict }) => (
              <li key={name} className={`check-item ${LIGHTS[verdict].tone}`}>
                <Icon name={LIGHTS[verdict].icon} size={14} />
                <div>
                  <strong>{name}</strong> <span className="check-reading">{reading}</span>
                  <p className="hint">{what}</p>
                </div>
              </li>
            ))}
          </ul>
          <ActionButton look="quiet" isDisabled={busy} onPress={onAgain}>
            Check again
          </ActionButton>
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}
