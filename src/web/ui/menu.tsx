import { Check, type IconNode } from "lucide"
import type { ComponentChildren } from "preact"
import { useLayoutEffect, useRef, useState } from "preact/hooks"
import { Icon } from "./icon"
import { Popover, type PopoverProps } from "./popover"
import "./menu.css"

export interface MenuItem {
  readonly label: string
  readonly icon?: IconNode
  readonly onSelect: () => void
  readonly isDanger?: boolean
  readonly isDisabled?: boolean
  /** Of things of which one is chosen. */
  readonly isChecked?: boolean
}

export interface MenuProps {
  readonly label: string
  readonly items: readonly MenuItem[]
  /** What opens it: `(attributes) => <IconButton …/>` gets what it must do, `isOpen` among it. */
  readonly trigger: (open: {
    readonly onClick: () => void
    readonly isOpen: boolean
  }) => ComponentChildren
}

/** A control that opens a list of things to do. */
export function Menu({ label, items, trigger }: MenuProps) {
  const [isOpen, setOpen] = useState(false)
  const anchor = useRef<HTMLSpanElement>(null)
  return (
    <span ref={anchor} class="menu-anchor">
      {trigger({ onClick: () => setOpen(!isOpen), isOpen })}
      {isOpen && (
        <MenuList label={label} items={items} anchor={anchor} onClose={() => setOpen(false)} />
      )}
    </span>
  )
}

export interface MenuListProps {
  readonly label: string
  readonly items: readonly MenuItem[]
  readonly anchor: PopoverProps["anchor"]
  readonly onClose: () => void
}

/** The list by itself, for what opens in another way, as by the right mouse button. */
export function MenuList({ label, items, anchor, onClose }: MenuListProps) {
  const list = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => itemsIn(list.current)[0]?.focus(), [])
  return (
    <Popover anchor={anchor} onClose={onClose} label={label} role="menu" className="menu">
      <div
        ref={list}
        role="none"
        onKeyDown={(event) => {
          if (event.key === "Tab") onClose()
          if (moveFocus(list.current, event.key)) event.preventDefault()
        }}
      >
        {items.map((item) => (
          <Item key={item.label} item={item} onClose={onClose} />
        ))}
      </div>
    </Popover>
  )
}

function Item({ item, onClose }: { readonly item: MenuItem; readonly onClose: () => void }) {
  return (
    <button
      type="button"
      role={item.isChecked === undefined ? "menuitem" : "menuitemradio"}
      aria-checked={item.isChecked}
      tabIndex={-1}
      class={item.isDanger ? "menu-item menu-item-danger" : "menu-item"}
      disabled={item.isDisabled}
      onClick={() => {
        onClose()
        item.onSelect()
      }}
    >
      {item.icon !== undefined && <Icon node={item.icon} size={16} />}
      <span>{item.label}</span>
      {item.isChecked && (
        <span class="menu-item-mark">
          <Icon node={Check} size={16} />
        </span>
      )}
    </button>
  )
}

const itemsIn = (list: Element | null): readonly HTMLElement[] => [
  ...(list?.querySelectorAll<HTMLElement>(".menu-item:not(:disabled)") ?? []),
]

/** By arrows, Home, End and first letters. Whether the key meant anything. */
function moveFocus(list: Element | null, key: string): boolean {
  const items = itemsIn(list)
  const focused = document.activeElement
  const at = focused instanceof HTMLElement ? items.indexOf(focused) : -1
  const target = targetOf(items, at, key)
  target?.focus()
  return target !== undefined
}

function targetOf(items: readonly HTMLElement[], at: number, key: string) {
  switch (key) {
    case "ArrowDown":
      return items[(at + 1) % items.length]
    case "ArrowUp":
      return items.at(at <= 0 ? -1 : at - 1)
    case "Home":
      return items[0]
    case "End":
      return items.at(-1)
    default: {
      if (key.length !== 1 || key === " ") return undefined
      const order = [...items.slice(at + 1), ...items.slice(0, at + 1)]
      return order.find((it) => it.textContent?.trim().toLowerCase().startsWith(key.toLowerCase()))
    }
  }
}
