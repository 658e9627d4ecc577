import type { JSX } from 'react'
import { Label, Radio, RadioGroup } from 'react-aria-components'
import type { EngineChoice, EngineOption } from '../../contracts/session.ts'
import { useLab } from '../../state/use-lab.ts'
import { formatMilliseconds } from '../format/quantity.ts'
import { useCommands } from '../lab/use-lab-context.tsx'

const CHOICES: readonly EngineChoice[] = ['auto', 'wasm', 'wasm-relaxed', 'webgpu', 'reference']

/** Every engine with its measurement; one can be forced. */
export function EngineOptions(): JSX.Element {
  const commands = useCommands()
  const engine = useLab((state) => state.engine)
  const choice = useLab((state) => state.engineChoice)
  const choose = (value: string): void => {
    const found = CHOICES.find((candidate) => candidate === value)
    if (found !== undefined) void commands.chooseEngine(found)
  }
  if (engine === null) return <p>The engines of this machine are being measured.</p>
  return (
    <RadioGroup className="engine-options" value={choice} onChange={choose}>
      <Label className="visually-hidden">Engine</Label>
      <Radio value="auto" className="engine-option">
        <span className="engine-name">Automatic</span>
        <span className="engine-note">The fastest on this machine that repeats to the bit or is clearly faster. Now: {engine.label}.</span>
      </Radio>
      {engine.options.map((option) => (
        <Radio key={option.choice} value={option.choice} isDisabled={!option.available} className="engine-option">
          <span className="engine-name">{option.label}</span>
          <span className="engine-pace">{paceOf(option)}</span>
          <span className="engine-note">{noteOf(option)}</span>
        </Radio>
      ))}
    </RadioGroup>
  )
}

function paceOf({ millisecondsPerStep, available }: EngineOption): string {
  if (!available) return 'not here'
  return millisecondsPerStep === null ? 'not measured' : `${formatMilliseconds(millisecondsPerStep)}/step`
}

function noteOf({ note, bitExact }: EngineOption): string {
  const repeat = bitExact ? 'Repeats to the bit on any machine.' : 'Repeats up to rounding.'
  return note === null ? repeat : `${repeat} ${note}`
}
