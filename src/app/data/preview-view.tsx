import type { JSX } from 'react'
import type { DataPreview } from '../../contracts/results.ts'
import { describeSample, describeShape } from '../format/layers.ts'
import { formatCount, formatNumber } from '../format/number.ts'
import { byClass, countRows, isPlane, total } from './preview-words.ts'
import { SamplePlane } from './sample-plane.tsx'
import { SampleView } from './sample-view.tsx'
import './data.css'

export interface PreviewViewProps {
  /** What the data are called. */
  readonly title: string
  readonly preview: DataPreview
  readonly nameOf: (label: number) => string
}

/** Facts, class counts and samples of a data set. */
export function PreviewView({ title, preview, nameOf }: PreviewViewProps): JSX.Element {
  return (
    <div className="preview">
      <PreviewFacts title={title} preview={preview} />
      <section>
        <h3>Samples of every class</h3>
        <ClassCounts preview={preview} nameOf={nameOf} />
      </section>
      <section>
        <h3>Some of the training samples</h3>
        {isPlane(preview) ? <SamplePlane samples={preview.samples} /> : <Samples preview={preview} nameOf={nameOf} />}
      </section>
    </div>
  )
}

function PreviewFacts({ title, preview }: Pick<PreviewViewProps, 'title' | 'preview'>): JSX.Element {
  const { shape, classes, trainCounts, testCounts, preprocessing, mean, deviation, notes } = preview
  const isImage = shape[0] > 1
  const rows: readonly (readonly [string, string])[] = [
    ['Data', title],
    [isImage ? 'Image' : 'Sample', isImage ? `${describeShape(shape)}: height, width, channels` : describeSample(shape)],
    ['Samples', `${formatCount(total(trainCounts))} for training, ${formatCount(total(testCounts))} for testing`],
    ['Classes', String(classes)],
    ['Values', `mean ${formatNumber(mean)}, deviation ${formatNumber(deviation)}`],
    ['Preprocessing', preprocessing],
  ]
  return (
    <section>
      <dl className="facts">
        {rows.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {notes.length > 0 && (
        <ul className="preview-notes">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </section>
  )
}

function ClassCounts({ preview, nameOf }: Pick<PreviewViewProps, 'preview' | 'nameOf'>): JSX.Element {
  return (
    <table className="data-table compact class-counts">
      <thead>
        <tr>
          <th scope="col">Class</th>
          <th scope="col">Training</th>
          <th scope="col">Test</th>
          <td />
        </tr>
      </thead>
      <tbody>
        {countRows(preview).map(({ label, train, test, share }) => (
          <tr key={label}>
            <th scope="row">{nameOf(label)}</th>
            <td>{formatCount(train)}</td>
            <td>{formatCount(test)}</td>
            <td className="count-cell" aria-hidden="true">
              <span className="count-bar" style={{ width: `${(100 * share).toFixed(1)}%` }} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Samples({ preview, nameOf }: Pick<PreviewViewProps, 'preview' | 'nameOf'>): JSX.Element {
  const [height, width] = preview.shape
  return (
    <div className="sample-classes">
      {byClass(preview.samples).map(({ label, samples }) => (
        <figure key={label} className="sample-class">
          <figcaption>{nameOf(label)}</figcaption>
          <div className="sample-row">
            {samples.map((sample, i) => (
              <SampleView key={i} sample={sample} height={height} width={width} label={`${nameOf(label)}, sample ${i + 1}`} />
            ))}
          </div>
        </figure>
      ))}
    </div>
  )
}
