import { useEffect, useRef, useState, type RefObject } from 'react'

const MARGIN = '200px'

/** An element's ref, and whether it has been on the screen, or close to it, so far. */
export function useInView<E extends Element>(): readonly [RefObject<E | null>, boolean] {
  const element = useRef<E>(null)
  const [seen, setSeen] = useState(false)
  useEffect(() => {
    const target = element.current
    if (target === null || seen) return
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry.isIntersecting) setSeen(true)
      },
      { rootMargin: MARGIN },
    )
    observer.observe(target)
    return () => {
      observer.disconnect()
    }
  })
  return [element, seen]
}
