/**
 * All shortcuts, in one table: what the page listens for, and what `?` shows. Text fields keep
 * their keys: in them nothing is taken but what holds Ctrl or Cmd and no text field uses.
 */

/** Keys that are pressed together. `mod` is Cmd on Apple's machines, and Ctrl elsewhere. */
export interface Combo {
  /** As `KeyboardEvent.key` has it; letters in lower case. */
  readonly key: string
  readonly mod?: true
  readonly shift?: true
  readonly alt?: true
}

export type ShortcutGroup = "everywhere" | "rooms" | "messages" | "writing"

interface Row {
  readonly group: ShortcutGroup
  readonly combos: readonly Combo[]
  /** Also while one writes. */
  readonly inText?: true
  /** Who is in focus there listens for it; here it is only told of. */
  readonly isTold?: true
}

export const SHORTCUTS = {
  palette: { group: "everywhere", combos: [{ key: "k", mod: true }], inText: true },
  search: {
    group: "everywhere",
    combos: [{ key: "f", mod: true, shift: true }, { key: "/" }],
    inText: true,
  },
  settings: { group: "everywhere", combos: [{ key: ",", mod: true }], inText: true },
  shortcuts: { group: "everywhere", combos: [{ key: "?" }] },
  close: { group: "everywhere", combos: [{ key: "Escape" }] },
  previousRoom: { group: "rooms", combos: [{ key: "ArrowUp", alt: true }], isTold: true },
  nextRoom: { group: "rooms", combos: [{ key: "ArrowDown", alt: true }], isTold: true },
  nextUnread: {
    group: "rooms",
    combos: [{ key: "ArrowDown", alt: true, shift: true }],
    isTold: true,
  },
  members: { group: "rooms", combos: [{ key: "m" }] },
  pins: { group: "rooms", combos: [{ key: "p" }] },
  write: { group: "rooms", combos: [{ key: "c" }] },
  messageAbove: { group: "messages", combos: [{ key: "ArrowUp" }], isTold: true },
  messageBelow: { group: "messages", combos: [{ key: "ArrowDown" }], isTold: true },
  messageMenu: { group: "messages", combos: [{ key: "Enter" }], isTold: true },
  reply: { group: "messages", combos: [{ key: "r" }], isTold: true },
  thread: { group: "messages", combos: [{ key: "t" }], isTold: true },
  edit: { group: "messages", combos: [{ key: "e" }], isTold: true },
  send: { group: "writing", combos: [{ key: "Enter" }], isTold: true },
  newLine: { group: "writing", combos: [{ key: "Enter", shift: true }], isTold: true },
  editLast: { group: "writing", combos: [{ key: "ArrowUp" }], isTold: true },
  bold: { group: "writing", combos: [{ key: "b", mod: true }], isTold: true },
  italic: { group: "writing", combos: [{ key: "i", mod: true }], isTold: true },
} as const satisfies Record<string, Row>

export type ShortcutId = keyof typeof SHORTCUTS

export const SHORTCUT_GROUPS: readonly ShortcutGroup[] = [
  "everywhere",
  "rooms",
  "messages",
  "writing",
]

const ROWS: readonly (readonly [ShortcutId, Row])[] = Object.entries(SHORTCUTS).map(
  // Entries of the table above have its keys.
  ([id, row]) => [id as ShortcutId, row],
)

export const shortcutsOf = (group: ShortcutGroup): readonly ShortcutId[] =>
  ROWS.filter(([, row]) => row.group === group).map(([id]) => id)

/** What of a `KeyboardEvent` matters, and where the focus is. */
export interface PressedKey {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
  /** Held down, or a letter that is being put together: never a shortcut. */
  readonly repeat: boolean
  readonly isComposing: boolean
}

export interface KeyPlace {
  readonly isApple: boolean
  readonly isInText: boolean
  /** In a dialog or a menu, which have keys of their own. */
  readonly isInLayer: boolean
}

/** The shortcut that was pressed, if it may be taken there. */
export function shortcutFor(pressed: PressedKey, place: KeyPlace): ShortcutId | null {
  if (pressed.isComposing || pressed.repeat) return null
  for (const [id, row] of ROWS) {
    if (row.isTold === true) continue
    if (row.combos.some((combo) => mayTake(row, combo, place) && isPressed(combo, pressed, place)))
      return id
  }
  return null
}

function mayTake({ inText }: Row, { mod }: Combo, { isInText, isInLayer }: KeyPlace): boolean {
  if (isInLayer) return false
  return !isInText || (inText === true && mod === true)
}

function isPressed(combo: Combo, pressed: PressedKey, { isApple }: KeyPlace): boolean {
  const [mod, other] = isApple
    ? [pressed.metaKey, pressed.ctrlKey]
    : [pressed.ctrlKey, pressed.metaKey]
  // AltGr reports Ctrl and Alt: what it writes is text. The other of Ctrl and Cmd is the system's.
  if (other || mod !== (combo.mod ?? false) || pressed.altKey !== (combo.alt ?? false)) return false
  if (keyOf(pressed.key) !== combo.key) return false
  // Signs such as `?` and `/` stand on Shift on some keyboards: there it is a part of the key.
  return isSign(combo.key) || pressed.shiftKey === (combo.shift ?? false)
}

const keyOf = (key: string): string => (key.length === 1 ? key.toLowerCase() : key)
const isSign = (key: string): boolean => key.length === 1 && !/[\p{L}\p{N}]/u.test(key)

const APPLE_SIGNS: Readonly<Record<string, string>> = { mod: "⌘", shift: "⇧", alt: "⌥" }

/** The names of keys that are words, by language; see `strings`. */
export interface KeyNames {
  readonly mod: string
  readonly shift: string
  readonly alt: string
  readonly named: Readonly<Record<string, string>>
}

/** As people read it, a key each: `["Ctrl", "K"]`. */
export function comboKeys(combo: Combo, isApple: boolean, names: KeyNames): readonly string[] {
  const said = (modifier: "mod" | "shift" | "alt"): string =>
    (isApple ? APPLE_SIGNS[modifier] : undefined) ?? names[modifier]
  const modifiers = (["mod", "alt", "shift"] as const).filter((it) => combo[it] === true).map(said)
  const key =
    combo.key.length === 1 ? combo.key.toUpperCase() : (names.named[combo.key] ?? combo.key)
  return [...modifiers, key]
}

/** For `aria-keyshortcuts`. */
export function ariaShortcut(id: ShortcutId, isApple: boolean): string {
  const { combos }: Row = SHORTCUTS[id]
  return combos
    .map(({ key, mod, shift, alt }) =>
      [
        ...(mod === true ? [isApple ? "Meta" : "Control"] : []),
        ...(alt === true ? ["Alt"] : []),
        ...(shift === true ? ["Shift"] : []),
        key,
      ].join("+"),
    )
    .join(" ")
}
