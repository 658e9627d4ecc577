import type { JSX } from 'react'
import { useCommands, usePage, useSetPage } from '../lab/use-lab-context.tsx'
import { IconButton } from '../ui/buttons.tsx'
import { EngineBadge } from './engine-badge.tsx'
import { PresetMenu } from './preset-menu.tsx'
import { ThemeSwitch } from './theme-switch.tsx'
import { Transport } from './transport.tsx'
import './header.css'

/** Name, preset, transport, engine, and what concerns the page as a whole. */
export function Header(): JSX.Element {
  const commands = useCommands()
  const setPage = useSetPage()
  return (
    <header className="header">
      <div className="header-start">
        <IconButton icon="settings" label="Stages and settings" className="quiet narrow-only" onPress={() => setPage({ sheet: 'stages' })} testId="open-stages" />
        <h1 className="product">Hessian Lab</h1>
        <PresetMenu />
      </div>
      <Transport />
      <div className="header-end">
        <EngineBadge />
        <ThemeSwitch />
        <IconButton icon="download" label="Export run as a zip file" onPress={() => void commands.exportRun()} testId="export-run" />
        <IconButton icon="share" label="Share a link" keyHint="S" onPress={() => setPage({ dialog: 'share' })} testId="share" />
        <IconButton icon="help" label="Keys and help" keyHint="?" onPress={() => setPage({ dialog: 'help' })} testId="help" />
        <ExplanationButton />
      </div>
    </header>
  )
}

function ExplanationButton(): JSX.Element {
  const setPage = useSetPage()
  const isOpen = usePage((page) => page.sheet === 'explanation')
  return (
    <IconButton icon="text" label="Explanation" className={isOpen ? 'quiet narrow-only on' : 'quiet narrow-only'} onPress={() => setPage({ sheet: 'explanation' })} testId="open-explanation" />
  )
}
