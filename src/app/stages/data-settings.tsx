import { lazy, Suspense, useRef, useState, type JSX, type RefObject } from 'react'
import type { DatasetName } from '../../contracts/experiment.ts'
import { useLab } from '../../state/use-lab.ts'
import { ClassChips } from '../data/class-chips.tsx'
import { DownloadBlock } from '../data/download-block.tsx'
import { OwnData } from '../data/own-data.tsx'
import { describeSample } from '../format/layers.ts'
import { DATASET_TITLES } from '../format/names.ts'
import { formatCount } from '../format/number.ts'
import { toPercent } from '../format/settings.ts'
import { useCommands } from '../lab/use-lab-context.tsx'
import { editDataset, mostTrainSamples, STORABLE, SYNTHETIC } from '../settings/data.ts'
import { editPart } from '../settings/edits.ts'
import { newSeed } from '../settings/seeds.ts'
import { ActionButton, IconButton } from '../ui/buttons.tsx'
import { Choice } from '../ui/choice.tsx'
import { NumberBox } from '../ui/number-box.tsx'

const DataLookDialog = lazy(() => import('../data/data-look-dialog.tsx'))

const NOTES: Readonly<Record<DatasetName, string>> = {
  mnist: '70,000 handwritten digits, 28 × 28',
  cifar10: '60,000 photographs of ten things, 32 × 32 in colour',
  clusters: 'Ten overlapping clouds in 20 dimensions',
  teacher: 'Labels by a fixed random network, 30 inputs',
  spirals: 'Three arms in the plane',
  own: 'Files from this computer',
}

const OPTIONS = (Object.keys(DATASET_TITLES) as DatasetName[]).map((value) => ({ value, label: DATASET_TITLES[value], note: NOTES[value] }))

export function DataSettings(): JSX.Element {
  const ownData = useRef<HTMLDivElement>(null)
  const name = useLab((state) => state.experiment.dataset.name)
  return (
    <>
      <DatasetChoice ownData={ownData} />
      <DataInUse />
      <SampleCounts />
      <ClassChips />
      <NoiseAndSeed />
      {STORABLE.includes(name) && <DownloadBlock name={name} />}
      <div ref={ownData}>
        <OwnData />
      </div>
    </>
  )
}

/** Own data have to be read first: choosing them leads to where that is done. */
function DatasetChoice({ ownData }: { readonly ownData: RefObject<HTMLDivElement | null> }): JSX.Element {
  const commands = useCommands()
  const name = useLab((state) => state.experiment.dataset.name)
  const choose = (chosen: DatasetName): void => {
    if (chosen === name) return
    if (chosen === 'own') ownData.current?.querySelector('button')?.focus()
    else void commands.edit(editDataset(chosen))
  }
  return <Choice label="Data set" value={name} options={OPTIONS} onChange={choose} testId="dataset-choice" />
}

function DataInUse(): JSX.Element | null {
  const data = useLab((state) => state.data)
  const [isLooking, setLooking] = useState(false)
  if (data === null) return null
  const { shape, classes, trainSamples, testSamples, notes } = data
  return (
    <>
      <p className="hint">
        {describeSample(shape)} a sample, {classes} classes, {formatCount(trainSamples)} + {formatCount(testSamples)} samples in use. {notes.join(' ')}
      </p>
      <ActionButton onPress={() => setLooking(true)} testId="look-at-data">
        Look at the samples
      </ActionButton>
      {isLooking && (
        <Suspense fallback={null}>
          <DataLookDialog onClose={() => setLooking(false)} />
        </Suspense>
      )}
    </>
  )
}

function SampleCounts(): JSX.Element {
  const commands = useCommands()
  const { name, trainSamples, testSamples } = useLab((state) => state.experiment.dataset)
  return (
    <div className="pair">
      <NumberBox
        label="Training samples"
        value={trainSamples}
        min={1}
        max={mostTrainSamples(name)}
        integer
        onChange={(value) => void commands.edit(editPart('dataset', { trainSamples: value }))}
      />
      <NumberBox label="Test samples" value={testSamples} min={1} max={10000} integer onChange={(value) => void commands.edit(editPart('dataset', { testSamples: value }))} />
    </div>
  )
}

/** The seed decides synthetic samples and which labels are wrong; without either it decides nothing. */
function NoiseAndSeed(): JSX.Element {
  const commands = useCommands()
  const { name, labelNoise, seed } = useLab((state) => state.experiment.dataset)
  const setSeed = (value: number): void => void commands.edit(editPart('dataset', { seed: value }))
  return (
    <>
      <NumberBox
        label="Wrong labels, per cent"
        value={toPercent(labelNoise)}
        min={0}
        max={100}
        hint="So many training samples get another class at random."
        onChange={(percent) => void commands.edit(editPart('dataset', { labelNoise: percent / 100 }))}
        testId="label-noise"
      />
      {(labelNoise > 0 || SYNTHETIC.includes(name)) && (
        <div className="with-button">
          <NumberBox label="Seed of the data" value={seed} min={0} max={4294967295} integer onChange={setSeed} />
          <IconButton icon="dice" label="New seed of the data" className="plain" onPress={() => setSeed(newSeed())} />
        </div>
      )}
    </>
  )
}
