import { useState, type JSX } from 'react'
import { presets } from '../../contracts/presets.ts'
import { useLab } from '../../state/use-lab.ts'
import { compareSettings } from '../format/compare.ts'
import { useCommands, usePage, useSetPage } from '../lab/use-lab-context.tsx'
import { ActionButton } from '../ui/buttons.tsx'
import { Choice } from '../ui/choice.tsx'
import { ModalDialog } from '../ui/modal-dialog.tsx'
import { networkOf, presetGroups, type PresetGroup } from './preset-groups.ts'

const GROUPS = presetGroups(presets)
const OPTIONS = GROUPS.map(({ id, title }) => ({ value: id, label: title }))

/** Every setting of one network's presets beside the present one; what differs from the first column is set off. */
export default function PresetComparison(): JSX.Element {
  const isOpen = usePage((page) => page.dialog === 'presets')
  const setPage = useSetPage()
  return (
    <ModalDialog title="Settings side by side" isWide isOpen={isOpen} onClose={() => setPage({ dialog: null })}>
      <Comparison onOpen={() => setPage({ dialog: null })} />
    </ModalDialog>
  )
}

function Comparison({ onOpen }: { readonly onOpen: () => void }): JSX.Element {
  const ours = useLab((state) => networkOf(state.experiment.preset))
  const [chosen, setChosen] = useState(ours)
  const group = GROUPS.find(({ id }) => id === chosen) ?? GROUPS[0]
  return (
    <>
      <Choice label="Beside the presets of" value={group.id} options={OPTIONS} onChange={setChosen} />
      <ComparisonTable group={group} onOpen={onOpen} />
    </>
  )
}

function ComparisonTable({ group, onOpen }: { readonly group: PresetGroup; readonly onOpen: () => void }): JSX.Element {
  const commands = useCommands()
  const experiment = useLab((state) => state.experiment)
  const columns = [{ title: 'Now', experiment }, ...group.presets]
  const rows = compareSettings(columns.map((column) => column.experiment))
  return (
    <div className="table-scroll">
      <table className="data-table">
        <thead>
          <tr>
            <th scope="col">Setting</th>
            {columns.map(({ title }) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, values }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {values.map((value, i) => (
                <td key={columns[i].title} className={value === values[0] ? '' : 'differs'}>
                  {value}
                </td>
              ))}
            </tr>
          ))}
          <tr>
            <td />
            <td />
            {group.presets.map((preset) => (
              <td key={preset.id}>
                <ActionButton
                  onPress={() => {
                    onOpen()
                    void commands.open(preset.experiment)
                  }}
                >
                  Open this one
                </ActionButton>
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  )
}
