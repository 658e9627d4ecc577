import type { JSX } from 'react'
import { Button, Dialog, DialogTrigger, Heading, Popover } from 'react-aria-components'
import { useLab } from '../../state/use-lab.ts'
import { formatMilliseconds } from '../format/quantity.ts'
import { usePage, useSetPage } from '../lab/use-lab-context.tsx'
import { EngineOptions } from './engine-options.tsx'

/** What computes, and how fast; opens to all engines of this machine. */
export function EngineBadge(): JSX.Element {
  const isOpen = usePage((page) => page.dialog === 'engine')
  const setPage = useSetPage()
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={(open) => setPage({ dialog: open ? 'engine' : null })}>
      <Button className="button quiet engine-badge" data-testid="engine-badge">
        <BadgeText />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Dialog className="dialog popover-body">
          <Heading slot="title" level={2} className="popover-title">
            Engine
          </Heading>
          <EngineOptions />
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}

function BadgeText(): JSX.Element {
  const engine = useLab((state) => state.engine)
  const measured = useLab((state) => state.training.update?.millisecondsPerStep ?? null)
  if (engine === null) return <span className="engine-label">measuring engines</span>
  const option = engine.options.find(({ choice }) => choice === engine.chosen)
  const pace = measured ?? option?.millisecondsPerStep ?? null
  return (
    <>
      <span className="engine-label">{engine.label}</span>
      {pace !== null && <span className="engine-pace">{formatMilliseconds(pace)}/step</span>}
    </>
  )
}
