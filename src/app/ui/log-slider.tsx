import { useState, type JSX } from 'react'
import { Slider, SliderThumb, SliderTrack } from 'react-aria-components'
import { formatSetting } from '../format/number.ts'
import { STEPS, fromSlider, toSlider } from './log-scale.ts'

export interface LogSliderProps {
  readonly label: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly onChange: (value: number) => void
}

/** A slider over powers of ten; the value is taken over when the thumb is let go. */
export function LogSlider({ label, value, min, max, onChange }: LogSliderProps): JSX.Element {
  const [place, setPlace] = useState<number | null>(null)
  const shown = place ?? toSlider(value, min, max)
  return (
    <Slider
      className="slider"
      aria-label={`${label}, logarithmic`}
      minValue={0}
      maxValue={STEPS}
      value={shown}
      onChange={setPlace}
      onChangeEnd={(end) => {
        setPlace(null)
        onChange(fromSlider(end, min, max))
      }}
    >
      <SliderTrack className="slider-track">
        <SliderThumb className="slider-thumb" aria-valuetext={formatSetting(place === null ? value : fromSlider(place, min, max))} />
      </SliderTrack>
    </Slider>
  )
}
