import "./virtual-list.css"
import type { ComponentChildren, Ref } from "preact"
import { useImperativeHandle, useLayoutEffect, useRef, useState } from "preact/hooks"
import { createListView, type ListHandle, type ListView, type ListWishes } from "./list-view"

interface VirtualListProps<Item extends { readonly key: string }> extends ListWishes {
  readonly items: readonly Item[]
  /** One element with `data-key`; the same one for the same item. */
  readonly renderItem: (item: Item) => ComponentChildren
  /** Above the first and below the last item. */
  readonly before?: ComponentChildren
  readonly after?: ComponentChildren
  readonly label: string
  readonly isBusy: boolean
  readonly handle: Ref<ListHandle>
}

/** It is scrolled without a mouse, too, so it can hold the focus. */
const scrolled = { role: "feed", tabIndex: 0 } as const
/** A feed is one of articles: as long as there are none, what stands in their place may be read. */
const scrolledEmpty = { role: "region", tabIndex: 0 } as const

/**
 * A list of rows of any height, of which only those near the screen are there. It begins at its
 * end, stays there while one is there, and otherwise keeps what one looks at where it is.
 */
export function VirtualList<Item extends { readonly key: string }>(props: VirtualListProps<Item>) {
  const { items, renderItem, before, after, label, isBusy, handle } = props
  const scroller = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const [, redraw] = useState(0)
  const made = useRef<ListView | null>(null)
  made.current ??= createListView(() => redraw((count) => count + 1))
  const view = made.current

  const extent = view.lay(
    items.map((item) => item.key),
    props,
  )
  useLayoutEffect(() => {
    if (scroller.current === null || content.current === null) return
    return view.attach(scroller.current, content.current)
  }, [view])
  useLayoutEffect(() => view.settle())
  useImperativeHandle(handle, () => view.handle, [view])

  const scroll = items.length === 0 ? scrolledEmpty : scrolled
  return (
    <div class="list" ref={scroller} {...scroll} aria-label={label} aria-busy={isBusy}>
      <div class="list-content" ref={content}>
        {before}
        <div class="list-space" style={{ height: `${extent.before}px` }} />
        {items.slice(extent.first, extent.end).map(renderItem)}
        <div class="list-space" style={{ height: `${extent.after}px` }} />
        {after}
      </div>
    </div>
  )
}
