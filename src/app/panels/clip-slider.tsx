import { useState, type JSX } from 'react'
import { Label, Slider, SliderThumb, SliderTrack } from 'react-aria-components'
import { useLab } from '../../state/use-lab.ts'
import { formatNumber } from '../format/number.ts'
import { useLabParts } from '../lab/use-lab-context.tsx'
import { ActionButton } from '../ui/buttons.tsx'
import { STEPS, fromSlider, toSlider } from '../ui/log-scale.ts'

const LOWEST = 1e-3

/** Upper colour limit of the overlap maps: automatic, or the same for all. */
export function ClipSlider({ dimension }: { readonly dimension: number }): JSX.Element {
  const { actions } = useLabParts()
  const clip = useLab((state) => state.experiment.view.clip)
  const [place, setPlace] = useState<number | null>(null)
  const usual = Math.min(1, 4 / Math.sqrt(dimension))
  const value = place === null ? (clip ?? usual) : fromSlider(place, LOWEST, 1)
  return (
    <div className="clip">
      <Slider
        className="slider clip-slider"
        minValue={0}
        maxValue={STEPS}
        value={place ?? toSlider(value, LOWEST, 1)}
        onChange={setPlace}
        onChangeEnd={(end) => {
          setPlace(null)
          actions.setView({ clip: fromSlider(end, LOWEST, 1) })
        }}
      >
        <Label>Clip {clip === null && place === null ? 'automatic' : formatNumber(value, 2)}</Label>
        <SliderTrack className="slider-track">
          <SliderThumb className="slider-thumb" aria-valuetext={formatNumber(value, 2)} />
        </SliderTrack>
      </Slider>
      {clip !== null && (
        <ActionButton look="quiet" onPress={() => actions.setView({ clip: null })}>
          Automatic
        </ActionButton>
      )}
    </div>
  )
}
