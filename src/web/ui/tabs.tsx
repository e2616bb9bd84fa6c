import { useLayoutEffect, useRef } from "preact/hooks"
import "./tabs.css"

export interface TabsProps<Id extends string> {
  readonly tabs: readonly { readonly id: Id; readonly label: string }[]
  readonly current: Id
  readonly onSelect: (id: Id) => void
  readonly label: string
}

/** A row of which one is chosen; by arrows, too. What it shows is a `TabPanel` of the same id. */
export function Tabs<Id extends string>({ tabs, current, onSelect, label }: TabsProps<Id>) {
  const row = useRef<HTMLDivElement>(null)

  // Where they don't all fit beside each other, the chosen one is among those that are seen.
  useLayoutEffect(() => {
    const chosen = row.current?.querySelector<HTMLElement>('[aria-selected="true"]')
    if (!chosen || row.current === null) return
    const { offsetLeft: left, offsetWidth: width } = chosen
    const { scrollLeft, clientWidth, offsetLeft } = row.current
    const start = left - offsetLeft
    const isSeen = start >= scrollLeft && start + width <= scrollLeft + clientWidth
    if (!isSeen) row.current.scrollLeft = start - (clientWidth - width) / 2
  }, [current])
  useLayoutEffect(() => {
    const look = () => row.current !== null && fade(row.current)
    look()
    addEventListener("resize", look)
    return () => removeEventListener("resize", look)
  }, [tabs.length])

  function onKeyDown(event: KeyboardEvent): void {
    const at = tabs.findIndex((it) => it.id === current)
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    const edge = { Home: 0, End: tabs.length - 1 }[event.key]
    const to = step === undefined ? edge : (at + step + tabs.length) % tabs.length
    const next = to === undefined ? undefined : tabs[to]
    if (next === undefined) return
    event.preventDefault()
    onSelect(next.id)
    row.current?.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus()
  }

  return (
    <div
      ref={row}
      class="tabs"
      role="tablist"
      aria-label={label}
      onKeyDown={onKeyDown}
      onScroll={({ currentTarget }) => fade(currentTarget)}
    >
      {tabs.map(({ id, label: name }) => (
        <button
          key={id}
          type="button"
          role="tab"
          class="tab"
          data-tab={id}
          aria-selected={id === current}
          tabIndex={id === current ? 0 : -1}
          onClick={() => onSelect(id)}
        >
          {name}
        </button>
      ))}
    </div>
  )
}

/** Shows at which edge there are more of them. */
function fade(row: HTMLElement): void {
  const { scrollLeft, clientWidth, scrollWidth, classList } = row
  classList.toggle("tabs-before", scrollLeft > 1)
  classList.toggle("tabs-after", scrollLeft + clientWidth < scrollWidth - 1)
}
