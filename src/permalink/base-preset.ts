import { defaultPreset, findPreset, type Preset } from '../contracts/presets.ts'

/** The preset of that name, or the default one. */
export function basePreset(id: string): Preset {
  const preset = findPreset(id) ?? findPreset(defaultPreset)
  if (preset === null) throw new Error(`presets: no preset named ${defaultPreset}`)
  return preset
}
