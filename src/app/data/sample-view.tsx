import { useEffect, useRef, type JSX } from 'react'
import type { SamplePreview } from '../../contracts/results.ts'
import { barsPath } from './preview-words.ts'

export interface SampleViewProps {
  readonly sample: SamplePreview
  readonly height: number
  readonly width: number
  readonly label: string
}

const BARS_WIDTH = 96
const BARS_HEIGHT = 40

/** One sample: its image, pixel by pixel, or its numbers as bars. */
export function SampleView({ sample, height, width, label }: SampleViewProps): JSX.Element {
  if (sample.pixels !== null) return <Thumbnail pixels={sample.pixels} height={height} width={width} label={label} />
  return (
    <svg className="sample-bars" viewBox={`0 0 ${BARS_WIDTH} ${BARS_HEIGHT}`} role="img" aria-label={label}>
      <path d={barsPath(sample.values ?? [], BARS_WIDTH, BARS_HEIGHT)} stroke="currentColor" strokeWidth="2" fill="none" />
    </svg>
  )
}

interface ThumbnailProps {
  readonly pixels: Uint8ClampedArray
  readonly height: number
  readonly width: number
  readonly label: string
}

function Thumbnail({ pixels, height, width, label }: ThumbnailProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const image = new ImageData(width, height)
    image.data.set(pixels)
    canvas.current?.getContext('2d')?.putImageData(image, 0, 0)
  }, [pixels, height, width])
  return <canvas ref={canvas} className="sample-image" width={width} height={height} role="img" aria-label={label} />
}
