import type { ComponentChildren, RefObject } from "preact"
import { useLayoutEffect, useRef } from "preact/hooks"
import { type Box, placeBeside } from "./place-beside"
import "./menu.css"

export interface PopoverProps {
  /** What it hangs on: an element, or a place on the screen. */
  readonly anchor: RefObject<Element | null> | Element | Box | null
  /** By Escape or by a press elsewhere. The focus goes back to where it was. */
  readonly onClose: () => void
  readonly children: ComponentChildren
  readonly label?: string
  readonly role?: "dialog" | "menu" | "listbox"
  readonly className?: string
}

/** Over the page, beside what it belongs to, in the browser's top layer. */
export function Popover(props: PopoverProps) {
  const { anchor, onClose, children, label, role = "dialog", className = "popover" } = props
  const element = useRef<HTMLDivElement>(null)
  const close = useRef(onClose)
  close.current = onClose

  useLayoutEffect(() => {
    const popover = element.current
    if (popover === null) return
    const before = document.activeElement
    popover.showPopover()
    const place = () => moveTo(popover, boxOf(anchor))
    place()
    const resized = new ResizeObserver(place)
    resized.observe(popover)
    addEventListener("resize", place)
    const onPress = (event: Event) => {
      if (event.target instanceof Node && !isWithin(event.target, popover, anchor)) close.current()
    }
    document.addEventListener("pointerdown", onPress, true)
    return () => {
      resized.disconnect()
      removeEventListener("resize", place)
      document.removeEventListener("pointerdown", onPress, true)
      const hadFocus = popover.contains(document.activeElement) || isNowhere()
      if (hadFocus && before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [anchor])

  return (
    <div
      ref={element}
      popover="manual"
      class={className}
      role={role}
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return
        event.preventDefault()
        event.stopPropagation()
        onClose()
      }}
    >
      {children}
    </div>
  )
}

const isNowhere = () => document.activeElement === null || document.activeElement === document.body

function elementOf(anchor: PopoverProps["anchor"]): Element | null {
  if (anchor instanceof Element) return anchor
  if (anchor !== null && "current" in anchor) return anchor.current
  return null
}

function boxOf(anchor: PopoverProps["anchor"]): Box {
  const element = elementOf(anchor)
  if (element !== null) return element.getBoundingClientRect()
  if (anchor !== null && "left" in anchor) return anchor
  return { left: 0, top: 0, right: 0, bottom: 0 }
}

function isWithin(target: Node, popover: Element, anchor: PopoverProps["anchor"]): boolean {
  return popover.contains(target) || (elementOf(anchor)?.contains(target) ?? false)
}

function moveTo(popover: HTMLElement, box: Box): void {
  const view = { width: innerWidth, height: innerHeight }
  const { width, height } = popover.getBoundingClientRect()
  const { left, top } = placeBeside(box, { width, height }, view)
  popover.style.left = `${left}px`
  popover.style.top = `${top}px`
}
