import { datasetSchema, type DatasetSettings } from '../../src/contracts/experiment.ts'
import type { LabEvent } from '../../src/contracts/session.ts'
import type { Dataset } from '../data/dataset.ts'
import type { ByteSource } from '../data/source.ts'
import { loadData } from './load-data.ts'
import { equal } from './setup.ts'

/** The user's own data set and the one loaded last, so that another network does not load it again. */
export class DataCache {
  private own: Dataset | null = null
  private loaded: { readonly settings: DatasetSettings; readonly dataset: Dataset } | null = null

  async load(settings: DatasetSettings, source: ByteSource, emit: (event: LabEvent) => void, signal: AbortSignal): Promise<Dataset> {
    if (this.loaded !== null && equal(this.loaded.settings, settings)) return this.loaded.dataset
    this.loaded = null
    const dataset = await loadData(settings, this.own, source, emit, signal)
    this.loaded = { settings, dataset }
    return dataset
  }

  /**
   * Keeps the user's data set; returns the settings that use it: the samples asked for where own data were asked for,
   * else all that an experiment may have.
   */
  adopt(dataset: Dataset, present: DatasetSettings): DatasetSettings {
    this.own = dataset
    this.loaded = null
    const { trainSamples, testSamples } = datasetSchema.shape
    const wanted = present.name === 'own' ? present : { trainSamples: trainSamples.maxValue ?? Infinity, testSamples: testSamples.maxValue ?? Infinity }
    return { ...present, name: 'own', classes: null, trainSamples: Math.min(wanted.trainSamples, dataset.train.count), testSamples: Math.min(wanted.testSamples, dataset.test.count) }
  }
}
