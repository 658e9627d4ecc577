import { useState, type JSX } from 'react'
import { Slider, SliderThumb, SliderTrack } from 'react-aria-components'
import { useLab } from '../../state/use-lab.ts'
import { formatEstimate } from '../format/quantity.ts'
import { useCommands } from '../lab/use-lab-context.tsx'
import { changeMarks } from '../settings/mid-run.ts'
import { ActionButton } from '../ui/buttons.tsx'
import { nearestCheckpoint, viewCheckpoint } from './checkpoint-steps.ts'
import { useLastAnalysisSeconds } from './use-last-analysis.ts'

/** Epochs whose weights are kept; every analysis can be asked for at any of them. */
export function EpochSlider(): JSX.Element {
  const commands = useCommands()
  const checkpoints = useLab((state) => state.checkpoints)
  const checkpoint = useLab((state) => state.experiment.view.checkpoint)
  const epochs = useLab(({ training, experiment }) => training.update?.epochs ?? experiment.training.epochs)
  const busy = useLab((state) => state.busy)
  const [drag, setDrag] = useState<number | null>(null)
  const shown = drag ?? checkpoint ?? checkpoints.at(-1) ?? 0
  const end = (wanted: number): void => {
    setDrag(null)
    const found = viewCheckpoint(checkpoints, nearestCheckpoint(checkpoints, wanted))
    if (found !== checkpoint) void commands.lookAt(found)
  }
  return (
    <div className="epoch-slider">
      <Slider className="slider" aria-label="Checkpoint to look at" minValue={0} maxValue={epochs} value={shown} onChange={setDrag} onChangeEnd={end} isDisabled={checkpoints.length < 2 || busy} data-testid="epoch-slider">
        <SliderTrack className="slider-track">
          <ChangeMarks epochs={epochs} />
          <SliderThumb className="slider-thumb" aria-valuetext={`epoch ${shown} of ${epochs}`} />
        </SliderTrack>
      </Slider>
      <AnalyseHere />
    </div>
  )
}

/** Mid-run changes as ticks with their words. */
function ChangeMarks({ epochs }: { readonly epochs: number }): JSX.Element {
  const experiment = useLab((state) => state.experiment)
  return (
    <>
      {changeMarks(experiment).map(({ step, epoch, words }) => (
        <span key={`${step} ${words}`} className="change-mark" style={{ left: `${(100 * epoch) / epochs}%` }} title={`epoch ${epoch.toFixed(1)}: ${words}`} />
      ))}
    </>
  )
}

/** Offered while the results are not those of the checkpoint that is shown. */
function AnalyseHere(): JSX.Element | null {
  const commands = useCommands()
  const seconds = useLastAnalysisSeconds()
  const wanted = useLab(({ experiment, checkpoints, results }) => {
    const epoch = experiment.view.checkpoint ?? checkpoints.at(-1) ?? null
    const analysed = Object.values(results.spectra)[0]?.provenance.epoch ?? results.singularValues?.provenance.epoch ?? null
    return epoch === null || analysed === null || epoch === analysed ? null : epoch
  })
  const busy = useLab((state) => state.busy)
  if (wanted === null) return null
  const about = seconds === null ? '' : `, ${formatEstimate(seconds)}`
  return (
    <ActionButton isDisabled={busy} onPress={() => void commands.analyseAgain()} testId="analyse-here">
      Analyse epoch {wanted}
      {about}
    </ActionButton>
  )
}
