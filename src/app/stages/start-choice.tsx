import type { JSX } from 'react'
import type { TrainedNetwork } from '../../contracts/results.ts'
import { useLab } from '../../state/use-lab.ts'
import { datasetTitle } from '../format/names.ts'
import { formatShare } from '../format/number.ts'
import { formatBytes, formatDuration, plural } from '../format/quantity.ts'
import { useCommands } from '../lab/use-lab-context.tsx'
import { fromInitialWeights, fromTrained, trainedStarts } from '../settings/start.ts'
import { Choice } from '../ui/choice.tsx'

const INITIAL = 'initial'

/** Where training starts: at the initial weights, or at a trained network that comes with the lab. */
export function StartChoice(): JSX.Element {
  const commands = useCommands()
  const experiment = useLab((state) => state.experiment)
  const trained = useLab((state) => state.network?.trained ?? null)
  const { start } = experiment.training
  const offered = trainedStarts(experiment)
  const known = offered.map((preset) => ({ value: preset.experiment.training.start ?? '', label: preset.title, note: 'Its weights come with the lab' }))
  const options = [{ value: INITIAL, label: 'initial weights', note: 'Drawn from the seed' }, ...known, ...(start === null || known.some(({ value }) => value === start) ? [] : [{ value: start, label: `trained ${start}` }])]
  const choose = (value: string): void => {
    const preset = offered.find((candidate) => candidate.experiment.training.start === value)
    void commands.edit(preset === undefined ? fromInitialWeights : (given) => fromTrained(given, preset))
  }
  return (
    <>
      <Choice label="Starts from" value={start ?? INITIAL} options={options} onChange={choose} testId="start-choice" />
      {start !== null && trained !== null && <TrainedCard trained={trained} />}
    </>
  )
}

/** Where a trained network came from. */
function TrainedCard({ trained }: { readonly trained: TrainedNetwork }): JSX.Element {
  const { title, dataset, epochs, seconds, machine, trainAccuracy, testAccuracy, precision, bytes } = trained
  const rows: readonly (readonly [string, string])[] = [
    ['Trained', `${plural(epochs, 'epoch')} on ${datasetTitle(dataset)}, ${formatDuration(seconds)}`],
    ['On', machine],
    ['Accuracy', `${formatShare(testAccuracy)} on test, ${formatShare(trainAccuracy)} on training data`],
    ['Stored in', `${precision}, ${formatBytes(bytes)}`],
  ]
  return (
    <div className="fact-card" data-testid="trained-network">
      <h3>{title}</h3>
      <dl className="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
