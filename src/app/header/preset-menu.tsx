import type { JSX } from 'react'
import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover, Separator } from 'react-aria-components'
import { findPreset, presets } from '../../contracts/presets.ts'
import { useLab } from '../../state/use-lab.ts'
import { differences } from '../format/differences.ts'
import { plural } from '../format/quantity.ts'
import { useCommands, useSetPage } from '../lab/use-lab-context.tsx'
import { Icon } from '../ui/icons.tsx'
import { presetCost, presetGroups } from './preset-groups.ts'

const COMPARE = 'compare'

const GROUPS = presetGroups(presets)

/** The experiments to start from, network by network, and what the present one has changed. */
export function PresetMenu(): JSX.Element {
  const commands = useCommands()
  const setPage = useSetPage()
  const preset = useLab((state) => findPreset(state.experiment.preset))
  const choose = (key: unknown): void => {
    if (key === COMPARE) setPage({ dialog: 'presets' })
    const chosen = presets.find(({ id }) => id === key)
    if (chosen !== undefined) void commands.open(chosen.experiment)
  }
  return (
    <MenuTrigger>
      <Button className="button quiet preset-button" data-testid="presets">
        <span className="preset-title">{preset?.title ?? 'Own experiment'}</span>
        <ChangeCount />
        <Icon name="chevron" size={14} />
      </Button>
      <Popover className="popover">
        <Menu className="menu" selectionMode="single" selectedKeys={preset === null ? [] : [preset.id]} onAction={choose} aria-label="Experiments">
          {GROUPS.map((group) => (
            <MenuSection key={group.id}>
              <Header className="menu-header">{group.title}</Header>
              {group.presets.map(({ id, title, summary, experiment }) => (
                <MenuItem key={id} id={id} className="menu-item" textValue={title}>
                  <span className="menu-title">{title}</span>
                  <span className="menu-note">{summary}</span>
                  <span className="menu-note">{presetCost(experiment)}</span>
                </MenuItem>
              ))}
            </MenuSection>
          ))}
          <Separator className="menu-separator" />
          <MenuItem id={COMPARE} className="menu-item" textValue="Compare">
            <span className="menu-title">Compare settings side by side…</span>
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}

function ChangeCount(): JSX.Element | null {
  const count = useLab(({ experiment }) => {
    const preset = findPreset(experiment.preset)
    return preset === null ? 0 : differences(experiment, preset.experiment).length
  })
  return count === 0 ? null : <span className="chip preset-changes">{plural(count, 'change')}</span>
}
