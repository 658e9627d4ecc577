import type { JSX } from 'react'
import type { MonitorSettings as Monitor } from '../../contracts/experiment.ts'
import { useLab } from '../../state/use-lab.ts'
import { useCommands } from '../lab/use-lab-context.tsx'
import { editMonitor } from '../settings/edits.ts'
import { newMonitor } from '../settings/new-analysis.ts'
import { NumberBox } from '../ui/number-box.tsx'
import { Toggle } from '../ui/toggle.tsx'
import { SelectionChoice } from './selection-choice.tsx'

/** Curvature followed while the network trains. */
export function MonitorSettings(): JSX.Element {
  const commands = useCommands()
  const experiment = useLab((state) => state.experiment)
  const { monitor } = experiment
  const set = (fields: Partial<Monitor>): void => {
    if (monitor !== null) void commands.edit(editMonitor({ ...monitor, ...fields }))
  }
  return (
    <>
      <Toggle label="Follow the curvature" isOn={monitor !== null} onChange={(isOn) => void commands.edit(editMonitor(isOn ? newMonitor(experiment) : null))} />
      {monitor !== null && (
        <>
          <SelectionChoice label="Weights followed" value={monitor.selection} onChange={(selection) => set({ selection })} />
          <div className="pair">
            <NumberBox label="Every … steps" value={monitor.every} min={1} max={1000000} integer onChange={(every) => set({ every })} />
            <NumberBox label="Largest" value={monitor.largest} min={1} max={50} integer onChange={(largest) => set({ largest })} />
          </div>
          <NumberBox label="Samples" value={monitor.samples} min={1} max={60000} integer onChange={(samples) => set({ samples })} />
          <div className="pair">
            <NumberBox label="Probes" value={monitor.probes} min={0} max={50} integer onChange={(probes) => set({ probes })} />
            <NumberBox label="Lanczos steps" value={monitor.steps} min={2} max={300} integer onChange={(steps) => set({ steps })} />
          </div>
          <p className="hint">Probes give trace, negative mass and the bound on the condition number; 0 leaves them out.</p>
        </>
      )}
    </>
  )
}
