import type { JSX } from 'react'
import type { NetworkSettings } from '../../contracts/experiment.ts'
import { formatCount } from '../format/number.ts'
import { totalLine } from './sketch-words.ts'
import { useSketch } from './use-sketch.ts'

/** The experiment's network, layer by layer, with its size and cost. */
export function LayerTable({ network }: { readonly network: NetworkSettings }): JSX.Element {
  const { answer, failure } = useSketch(network)
  if (failure !== null) return <p className="problem">{failure}</p>
  if (answer === null) return <p className="hint">Shapes and costs follow.</p>
  return (
    <>
      <div className="table-scroll">
        <table className="data-table compact">
          <thead>
            <tr>
              <th scope="col">Layer</th>
              <th scope="col">Output</th>
              <th scope="col">Parameters</th>
            </tr>
          </thead>
          <tbody>
            {answer.layers.map(({ what, outputShape, parameters }, i) => (
              <tr key={`${i} ${what}`}>
                <th scope="row">{what}</th>
                <td>{outputShape.join('×')}</td>
                <td>{parameters === 0 ? '' : formatCount(parameters)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="hint">{answer.problem === null ? totalLine(answer) : answer.problem.error.message}</p>
    </>
  )
}
