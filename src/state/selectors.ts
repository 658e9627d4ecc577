import type { Experiment } from '../contracts/experiment.ts'
import { findPreset, type Preset } from '../contracts/presets.ts'
import type { LabResult, OverlapKind, OverlapResult, SpectrumResult } from '../contracts/results.ts'
import { encodePermalink } from '../permalink/encode-permalink.ts'
import type { RunFingerprint } from '../permalink/run-fingerprint.ts'
import { runFingerprint } from './fingerprint-match.ts'
import type { OtherResult } from './lab-results.ts'
import type { LabState } from './lab-state.ts'
import { overlapKey, resultKey } from './result-key.ts'

/** The preset that the experiment started from; null for one this page does not know. */
export function presetOf(state: LabState): Preset | null {
  return findPreset(state.experiment.preset)
}

export type ExperimentSection = Exclude<keyof Experiment, 'version' | 'preset'>

/** Sections of the settings that differ from the preset. */
export function changedFromPreset(state: LabState): readonly ExperimentSection[] {
  const preset = presetOf(state)
  if (preset === null) return []
  const sections: readonly ExperimentSection[] = ['dataset', 'network', 'training', 'seeds', 'measurement', 'analyses', 'monitor', 'statistics', 'view']
  return sections.filter((section) => !same(state.experiment[section], preset.experiment[section]))
}

/** The first spectrum that is there, in the order of the analyses. */
export function spectrumShown({ results, experiment }: LabState): SpectrumResult | null {
  return experiment.analyses.map((_, index) => results.spectra[index]).find((spectrum) => spectrum !== undefined) ?? null
}

/** The result of a kind to draw: of the kernel that the view asks for, else the first there is, in the order of the analyses. */
export function otherShown<K extends OtherResult['kind']>({ results, experiment }: LabState, kind: K): Extract<OtherResult, { kind: K }> | null {
  const all = Object.values(results.others).filter((result): result is Extract<OtherResult, { kind: K }> => result.kind === kind)
  all.sort((a, b) => placeOf(a) - placeOf(b))
  const wanted = `${String(experiment.view.kernel)}.kernel`
  return all.find((result) => selectionOf(result) === wanted) ?? all[0] ?? null
}

function placeOf(result: OtherResult): number {
  if ('analysis' in result) return result.analysis
  if (result.kind === 'eigenvectors') return result.source.analysis
  return result.kind === 'spacings' && result.source.kind === 'wholeSpectrum' ? result.source.analysis : Infinity
}

function selectionOf(result: OtherResult): string | null {
  if (result.kind === 'spacings') return result.source.kind === 'wholeSpectrum' ? result.source.selection : `${String(result.source.layer)}.kernel`
  if (result.kind === 'eigenvectors') return result.source.selection
  return 'settings' in result ? result.settings.selection : null
}

/** Layers for which there is an overlap of that kind, ascending; empty for kinds without a kernel. */
export function overlapLayers({ results }: LabState, kind: OverlapKind): readonly number[] {
  const layers = Object.values(results.overlaps).filter(({ overlap }) => overlap === kind).map(({ layer }) => layer)
  return layers.filter((layer) => layer !== null).sort((a, b) => a - b)
}

/** The overlap to draw: of the kernel that the view asks for, else of the first there is. */
export function overlapShown(state: LabState, kind: OverlapKind): OverlapResult | null {
  const { overlaps } = state.results
  const whole = overlaps[overlapKey(kind, null)]
  const asked = overlaps[overlapKey(kind, state.experiment.view.kernel)]
  return asked ?? whole ?? overlaps[overlapKey(kind, overlapLayers(state, kind)[0] ?? null)] ?? null
}

/** True for a result of earlier settings. */
export function isStale(state: LabState, result: LabResult): boolean {
  return state.stale.has(resultKey(result))
}

/** The fragment, without `#`, of a link to what the page shows, with the fingerprint of this run unless told otherwise. */
export function linkOf(state: LabState, appVersion: string, fingerprint: RunFingerprint | null = runFingerprint(state)): string {
  const { experiment, engineChoice: engine, data } = state
  return encodePermalink({ experiment, engine, appVersion, datasetHash: data?.hash ?? null, fingerprint })
}

function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => same(a[key as keyof typeof a], b[key as keyof typeof b]))
}
