import type { JSX } from 'react'
import { usePage, useSetPage } from '../lab/use-lab-context.tsx'
import { ModalDialog } from '../ui/modal-dialog.tsx'
import { KEYS } from './key-table.ts'
import './keys.css'

/** All keys, and where to read on. */
export function HelpDialog(): JSX.Element {
  const isOpen = usePage((page) => page.dialog === 'help')
  const setPage = useSetPage()
  return (
    <ModalDialog title="Keys and help" isOpen={isOpen} onClose={() => setPage({ dialog: null })}>
      <p>
        The stages on the left happen from top to bottom: data, network, training, a measurement of the moving weights, analyses. The panels show what came out; the right column
        explains the one in focus. Everything is computed on this machine and stays here.
      </p>
      <dl className="key-table">
        {KEYS.map(({ keys, words }) => (
          <div key={words}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <p className="hint">Version {__APP_VERSION__}. Source of the formulas: arXiv 2311.00452, with the corrections stated beside each panel.</p>
    </ModalDialog>
  )
}
