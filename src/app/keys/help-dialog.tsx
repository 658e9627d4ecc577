import type { JSX } from 'react'
import { usePage, useSetPage } from '../lab/use-lab-context.tsx'
import { ModalDialog } from '../ui/modal-dialog.tsx'
import { KEY_LIST } from './keymap.ts'

/** All keys, and what this page is, in a few sentences. */
export default function HelpDialog(): JSX.Element {
  const isOpen = usePage((page) => page.dialog === 'help')
  const setPage = useSetPage()
  return (
    <ModalDialog title="Keys and help" isOpen={isOpen} onClose={() => setPage({ dialog: null })}>
      <p>
        Hessian Lab trains a small network in this page and looks at the curvature of its loss, at how its weights move, and at its weight matrices. Left are the stages in the order in which they happen, in the
        middle what came out, right what it means. Everything is computed on this machine.
      </p>
      <table className="data-table">
        <caption className="visually-hidden">Keys</caption>
        <tbody>
          {KEY_LIST.map(([key, words]) => (
            <tr key={key}>
              <th scope="row">
                <kbd className="mono">{key}</kbd>
              </th>
              <td>{words}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="hint">
        The measures follow “Hessian Eigenvectors and Principal Component Analysis of Neural Network Weight Matrices”, arXiv 2311.00452, with the corrections named beside each panel. Version {__APP_VERSION__}.
      </p>
    </ModalDialog>
  )
}
