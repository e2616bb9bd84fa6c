import { navigate, pathTo, route } from "../state/route"
import { sidePanel, togglePanel } from "../state/side-panel"
import { paletteOpen, shortcutsOpen } from "./palette-state"
import { type KeyPlace, type ShortcutId, shortcutFor } from "./shortcut-table"

/** Where a key is that is pressed: text fields and layers have keys of their own. */
function placeOf(target: EventTarget | null): KeyPlace {
  const element = target instanceof Element ? target : null
  return {
    isApple: isAppleMachine(),
    isInText: element?.closest("input, textarea, select, [contenteditable]") != null,
    isInLayer: element?.closest("dialog, [popover]") != null,
  }
}

export const isAppleMachine = (): boolean => /Mac|iPhone|iPad/.test(navigator.userAgent)

/** Listens for shortcuts anywhere on the page, until the returned function is called. */
export function startKeys(): () => void {
  function onKeyDown(event: KeyboardEvent): void {
    // Whoever is nearer to the key has taken it.
    if (event.defaultPrevented) return
    const id = shortcutFor(event, placeOf(event.target))
    if (id === null || !act(id)) return
    event.preventDefault()
  }
  addEventListener("keydown", onKeyDown)
  return () => removeEventListener("keydown", onKeyDown)
}

/** Whether there was anything to do. */
function act(id: ShortcutId): boolean {
  const isInRoom = route.value.name === "room"
  switch (id) {
    case "palette":
      paletteOpen.value = true
      return true
    case "shortcuts":
      shortcutsOpen.value = true
      return true
    case "search":
      sidePanel.value = "search"
      return true
    case "settings":
      navigate(pathTo.settings())
      return true
    case "members":
    case "pins":
      if (isInRoom) togglePanel(id)
      return isInRoom
    case "write":
      return focusComposer()
    case "close":
      return close()
    default:
      return false
  }
}

function focusComposer(): boolean {
  const box = document.querySelector<HTMLElement>(".room-main textarea:not(:disabled)")
  box?.focus()
  return box !== null
}

/** A thread first, as it stands before all panels. */
function close(): boolean {
  const { value: place } = route
  if (place.name === "room" && place.threadId !== null) {
    navigate(pathTo.room(place.roomId))
    return true
  }
  if (sidePanel.value === null) return false
  sidePanel.value = null
  return true
}
