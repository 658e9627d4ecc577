import { useRef, type JSX } from 'react'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import type { PanelId } from '../../contracts/experiment.ts'
import { lessonOf } from '../../lessons/index.ts'
import { useLab } from '../../state/use-lab.ts'
import { useLabParts, usePage, useSetPage } from '../lab/use-lab-context.tsx'
import { PanelBody } from '../panels/panel-body.tsx'
import { PanelControls } from '../panels/panel-controls.tsx'
import { usePanel } from '../panels/use-panel.ts'
import type { PlotHandle } from '../plot/index.ts'
import { IconButton } from '../ui/buttons.tsx'
import { PresentingBar } from './presenting-bar.tsx'
import './presenting.css'

/** One panel on the whole screen: to look closely, or in large type for a room. */
export function PanelStage(): JSX.Element {
  const { actions } = useLabParts()
  const setPage = useSetPage()
  const presenting = useLab((state) => state.presenting)
  const fullScreen = usePage((page) => page.fullScreen)
  const focus = useLab(({ experiment: { view } }) => view.focus ?? view.panels[0]?.id ?? null)
  const id = presenting ? focus : fullScreen
  const leave = (): void => {
    actions.setPresenting(false)
    setPage({ fullScreen: null })
  }
  return (
    <ModalOverlay className="stage-veil" isOpen={id !== null} onOpenChange={(open) => !open && leave()}>
      <Modal className={presenting ? 'stage-modal presenting' : 'stage-modal'}>
        <Dialog className="dialog stage-dialog" data-testid="panel-stage">
          {id !== null && <StageContent key={id} id={id} presenting={presenting} onLeave={leave} />}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

interface StageContentProps {
  readonly id: PanelId
  readonly presenting: boolean
  readonly onLeave: () => void
}

function StageContent({ id, presenting, onLeave }: StageContentProps): JSX.Element {
  const plot = useRef<PlotHandle>(null)
  const content = usePanel(id, presenting)
  const { title, caption } = lessonOf(id)
  return (
    <>
      <header className="stage-head">
        <div>
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          {presenting && <p className="stage-caption">{caption}</p>}
        </div>
        <IconButton icon="close" label="Leave" keyHint="Esc" onPress={onLeave} testId="leave-stage" />
      </header>
      {!presenting && <PanelControls id={id} source={content.source} />}
      <PanelBody id={id} content={content} plot={plot} />
      {presenting ? <PresentingBar /> : <footer className="panel-foot">{content.provenance}</footer>}
    </>
  )
}
