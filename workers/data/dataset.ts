/** Size of one image; pixels lie in H,W,C order. */
export interface ImageShape {
  readonly height: number
  readonly width: number
  readonly channels: number
}

export interface DatasetSplit {
  readonly count: number
  /** Network input, (count, height * width * channels), row-major. */
  readonly images: Float32Array
  /** Class of each image, (count,). */
  readonly labels: Uint8Array
  /** Original pixels in the order of `images`, where the source has bytes. */
  readonly raw?: Uint8Array
}

/** Images and labels ready for training; frozen. */
export interface Dataset extends ImageShape {
  readonly name: string
  /** SHA-256 of the whole data set, whatever part of it is loaded. */
  readonly hash: string
  readonly classes: number
  /** Name of each class, where the source has names. */
  readonly classNames?: readonly string[]
  readonly train: DatasetSplit
  readonly test: DatasetSplit
  /** What a reader of results must know about this data; empty for the built-in sets. */
  readonly notes: readonly string[]
}

/** Inputs per image. */
export const featureCount = ({ height, width, channels }: ImageShape): number => height * width * channels

/** Freezes a data set and its records; the typed arrays themselves cannot be frozen. */
export function freezeDataset(dataset: Dataset): Dataset {
  Object.freeze(dataset.train)
  Object.freeze(dataset.test)
  Object.freeze(dataset.notes)
  Object.freeze(dataset.classNames)
  return Object.freeze(dataset)
}
