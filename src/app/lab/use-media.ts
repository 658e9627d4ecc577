import { useCallback, useSyncExternalStore } from 'react'

/** Does the screen fulfil a media query right now? */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (callback: () => void) => {
      const media = window.matchMedia(query)
      media.addEventListener('change', callback)
      return () => {
        media.removeEventListener('change', callback)
      }
    },
    [query],
  )
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches)
}
