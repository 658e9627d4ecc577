import { useState, type JSX } from 'react'
import { runFingerprint } from '../../state/fingerprint-match.ts'
import { useLabStore } from '../../state/use-lab.ts'
import { formatCount } from '../format/number.ts'
import { addressWith, fragmentOf } from '../lab/links.ts'
import { usePage, useSetPage } from '../lab/use-lab-context.tsx'
import { CopyField } from '../ui/copy-field.tsx'
import { ModalDialog } from '../ui/modal-dialog.tsx'
import { Toggle } from '../ui/toggle.tsx'

/** The link that brings this experiment back, for people and for pages that embed it. */
export default function ShareDialog(): JSX.Element {
  const isOpen = usePage((page) => page.dialog === 'share')
  const setPage = useSetPage()
  return (
    <ModalDialog title="Share this experiment" isOpen={isOpen} onClose={() => setPage({ dialog: null })}>
      <ShareBody />
    </ModalDialog>
  )
}

function ShareBody(): JSX.Element {
  const store = useLabStore()
  const [withFingerprint, setWithFingerprint] = useState(true)
  const state = store.getState()
  // Weights of earlier settings are not those that the link would give.
  const fingerprint = state.stages.training.state === 'stale' ? null : runFingerprint(state)
  const fragment = fragmentOf(state, withFingerprint ? fingerprint : null)
  const address = addressWith(fragment)
  const frame = `<iframe src="${addressWith(fragment, { embed: '1' })}" width="900" height="600" title="Hessian Lab"></iframe>`
  return (
    <>
      <p>
        The link holds all settings, seeds, the arrangement of the panels and the checkpoint, {formatCount(address.length)} characters. Nothing is sent to a server.
      </p>
      <CopyField label="Link" value={address} testId="share-link" />
      {fingerprint === null ? (
        <p className="hint">Train first to add a fingerprint of the weights: whoever opens the link then sees whether their run repeats yours.</p>
      ) : (
        <Toggle label={`Add the fingerprint of this run (epoch ${fingerprint.epoch}), so that a repeat is checked`} isOn={withFingerprint} onChange={setWithFingerprint} />
      )}
      <CopyField label="For a page that embeds it" value={frame} testId="share-embed" />
      <CopyField label="For Markdown" value={`[Hessian Lab experiment](${address})`} testId="share-markdown" />
    </>
  )
}
