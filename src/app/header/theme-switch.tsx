import type { JSX } from 'react'
import type { Theme } from '../../state/lab-state.ts'
import { useLab } from '../../state/use-lab.ts'
import { useLabParts } from '../lab/use-lab-context.tsx'
import { IconButton } from '../ui/buttons.tsx'
import type { IconName } from '../ui/icons.tsx'

const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' }
const ICONS: Readonly<Record<Theme, IconName>> = { system: 'system', light: 'sun', dark: 'moon' }
const WORDS: Readonly<Record<Theme, string>> = { system: 'as the system', light: 'light', dark: 'dark' }

/** System, light, dark, in turn. */
export function ThemeSwitch(): JSX.Element {
  const theme = useLab((state) => state.theme)
  const { actions } = useLabParts()
  return <IconButton icon={ICONS[theme]} label={`Colours: ${WORDS[theme]}; change to ${WORDS[NEXT[theme]]}`} onPress={() => actions.setTheme(NEXT[theme])} testId="theme" />
}
