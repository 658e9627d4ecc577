import type { JSX } from 'react'
import type { PanelId } from '../../contracts/experiment.ts'
import { useLab } from '../../state/use-lab.ts'
import { batchNormRows, provenanceRows } from '../format/provenance.ts'
import { panelSource, resultOf } from '../panels/panel-source.ts'
import { usePanel } from '../panels/use-panel.ts'

/** Where the numbers of the panel came from, field by field. */
export function ProvenanceTable({ id }: { readonly id: PanelId }): JSX.Element | null {
  const result = useLab((state) => resultOf(panelSource(state, id)))
  const provenance = result?.provenance ?? null
  const line = usePanel(id).provenance
  if (provenance === null && line === null) return null
  return (
    <section>
      <h3>Provenance</h3>
      {provenance === null ? (
        <p>{line}</p>
      ) : (
        <dl className="provenance">
          {[...provenanceRows(provenance), ...batchNormRows(result)].map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  )
}
