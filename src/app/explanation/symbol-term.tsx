import { useState, type JSX } from 'react'
import { Button, Tooltip, TooltipTrigger } from 'react-aria-components'
import { symbols, type SymbolId } from '../../lessons/index.ts'

/** A symbol in a text: its definition on hover, focus and touch. */
export function SymbolTerm({ symbol }: { readonly symbol: SymbolId }): JSX.Element {
  const [isOpen, setOpen] = useState(false)
  const { text, name, meaning } = symbols[symbol]
  return (
    <TooltipTrigger delay={150} closeDelay={100} isOpen={isOpen} onOpenChange={setOpen} shouldCloseOnPress={false}>
      <Button className="symbol-term" aria-label={`${text}, ${name}`} onPress={() => setOpen(true)} onBlur={() => setOpen(false)}>
        {text}
      </Button>
      <Tooltip className="tooltip" offset={4}>
        <strong>{name}.</strong> {meaning}
      </Tooltip>
    </TooltipTrigger>
  )
}
