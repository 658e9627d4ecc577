import type { JSX } from 'react'
import type { StepUnit } from '../../contracts/session.ts'
import { useLab, useLabShallow } from '../../state/use-lab.ts'
import { playButton } from '../lab/transport.ts'
import { useCommands, usePage, useSetPage } from '../lab/use-lab-context.tsx'
import { IconButton } from '../ui/buttons.tsx'
import { Segmented } from '../ui/segmented.tsx'

const UNITS = [
  { value: 'batch', label: 'batch' },
  { value: 'epoch', label: 'epoch' },
] as const

/** Reset, play or pause, step: in this order, play round and in the middle. */
export function Transport(): JSX.Element {
  const commands = useCommands()
  return (
    <div className="transport" role="group" aria-label="Training">
      <ResetButton onPress={() => void commands.reset()} />
      <PlayButton onPress={() => void commands.play()} />
      <StepButton onPress={() => void commands.step()} />
      <StepUnitChoice />
    </div>
  )
}

interface Press {
  readonly onPress: () => void
}

function ResetButton({ onPress }: Press): JSX.Element {
  const ready = useLab((state) => state.connection === 'ready')
  return <IconButton icon="reset" label="Reset to the initial weights of the seed" keyHint="R" isDisabled={!ready} onPress={onPress} testId="reset" />
}

function PlayButton({ onPress }: Press): JSX.Element {
  const { action, label } = useLabShallow(playButton)
  const stops = action === 'pause' || action === 'stop'
  return (
    <IconButton
      icon={stops ? 'pause' : 'play'}
      label={label}
      keyHint="Space"
      className="primary round"
      size={22}
      isDisabled={action === 'nothing'}
      onPress={onPress}
      testId="play"
    />
  )
}

function StepButton({ onPress }: Press): JSX.Element {
  const unit = usePage((page) => page.stepUnit)
  const free = useLab((state) => state.connection === 'ready' && !state.busy)
  return <IconButton icon="step" label={`Train one ${unit}`} keyHint="→" isDisabled={!free} onPress={onPress} testId="step" />
}

function StepUnitChoice(): JSX.Element {
  const unit: StepUnit = usePage((page) => page.stepUnit)
  const setPage = useSetPage()
  return (
    <div className="wide-only">
      <Segmented label="Length of a step" value={unit} options={UNITS} onChange={(stepUnit) => setPage({ stepUnit })} />
    </div>
  )
}
