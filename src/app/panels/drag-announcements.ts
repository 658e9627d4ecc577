import type { Announcements, UniqueIdentifier } from '@dnd-kit/core'
import type { PanelId } from '../../contracts/experiment.ts'

/** What a screen reader says while a panel is moved. */
export function dragAnnouncements(ids: readonly PanelId[], titleOf: (id: PanelId) => string): Announcements {
  const title = (key: UniqueIdentifier): string => {
    const id = ids.find((candidate) => candidate === key)
    return id === undefined ? 'The panel' : titleOf(id)
  }
  const place = (key: UniqueIdentifier): string => `place ${ids.findIndex((id) => id === key) + 1} of ${ids.length}`
  return {
    onDragStart: ({ active }) => `${title(active.id)} is picked up at ${place(active.id)}.`,
    onDragOver: ({ active, over }) => (over === null ? undefined : `${title(active.id)} is over ${place(over.id)}.`),
    onDragEnd: ({ active, over }) => (over === null ? `${title(active.id)} stays.` : `${title(active.id)} is put down at ${place(over.id)}.`),
    onDragCancel: ({ active }) => `${title(active.id)} stays where it was.`,
  }
}
