import { options, type VNode } from "preact"

/** What Preact keeps on an element of its own, under the names that its build gives them. */
interface Kept extends VNode {
  /** The component that it was drawn by; an element of the page has none. */
  __c?: object | null
  /** What was drawn in it. */
  __k?: readonly unknown[] | null
}

/**
 * Lets go of what is not shown any more. An element out of which a component was once drawn is
 * kept by whoever made it, in `children` or a memo, and keeps what was drawn then. A row that was
 * part of it leads to the list that it stood in last, that list to its other rows, and so on: in
 * a list that goes on, one such element keeps every row that there ever was.
 * To be called once, before anything is drawn. Seen in Preact 11.2; issue 4909 of Preact tells of
 * the element, `tests/web/memory.browser.test.ts` of the rows.
 */
export function letGoOfOld(): void {
  const latest = new WeakMap<object, Kept>()
  const { diffed, unmount } = options
  let old: Kept[] = []

  function letGo(element: Kept): void {
    // While it is being compared with what comes after it, it is still asked for.
    if (old.length === 0) queueMicrotask(forget)
    old.push(element)
  }
  function forget(): void {
    for (const element of old) element.__k = null
    old = []
  }

  options.diffed = (element: Kept) => {
    diffed?.(element)
    const component = element.__c
    if (component === undefined || component === null) return
    const before = latest.get(component)
    latest.set(component, element)
    if (before !== undefined && before !== element) letGo(before)
  }
  options.unmount = (element: Kept) => {
    unmount?.(element)
    letGo(element)
  }
}
