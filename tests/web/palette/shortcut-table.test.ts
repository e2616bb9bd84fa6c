import { describe, expect, test } from "bun:test"
import {
  ariaShortcut,
  comboKeys,
  type PressedKey,
  SHORTCUT_GROUPS,
  SHORTCUTS,
  shortcutFor,
  shortcutsOf,
} from "../../../src/web/palette/shortcut-table"

const press = (key: string, more: Partial<PressedKey> = {}): PressedKey => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  repeat: false,
  isComposing: false,
  ...more,
})
const page = { isApple: false, isInText: false, isInLayer: false }
const field = { ...page, isInText: true }

describe("a key that is pressed", () => {
  test("with Ctrl and K opens the palette, also while one writes", () => {
    expect(shortcutFor(press("k", { ctrlKey: true }), page)).toBe("palette")
    expect(shortcutFor(press("k", { ctrlKey: true }), field)).toBe("palette")
    expect(shortcutFor(press("K", { ctrlKey: true }), page)).toBe("palette")
  })

  test("is held with Cmd on Apple's machines, where Ctrl belongs to text fields", () => {
    const apple = { ...field, isApple: true }

    expect(shortcutFor(press("k", { metaKey: true }), apple)).toBe("palette")
    expect(shortcutFor(press("k", { ctrlKey: true }), apple)).toBeNull()
  })

  test.each(["?", "/", "m", "p", "c", "Escape", "ArrowUp", "ArrowDown", "k", "Enter"])(
    "is a text field's while one writes: %s",
    (key) => {
      for (const more of [
        {},
        { shiftKey: true },
        { altKey: true },
        { altKey: true, shiftKey: true },
      ])
        expect(shortcutFor(press(key, more), field)).toBeNull()
    },
  )

  test("opens the shortcuts by `?`, on whichever key it stands", () => {
    expect(shortcutFor(press("?", { shiftKey: true }), page)).toBe("shortcuts")
    expect(shortcutFor(press("?"), page)).toBe("shortcuts")
  })

  test("is text where AltGr writes it, and the system's with both Ctrl and Cmd", () => {
    expect(shortcutFor(press("k", { ctrlKey: true, altKey: true }), field)).toBeNull()
    expect(shortcutFor(press("k", { ctrlKey: true, metaKey: true }), page)).toBeNull()
  })

  test("means more with Shift", () => {
    expect(shortcutFor(press("F", { ctrlKey: true, shiftKey: true }), page)).toBe("search")
    expect(shortcutFor(press("f", { ctrlKey: true }), page)).toBeNull()
  })

  test("is left to those who listen for it themselves", () => {
    expect(shortcutFor(press("ArrowDown", { altKey: true }), page)).toBeNull()
    expect(shortcutFor(press("Enter"), page)).toBeNull()
  })

  test("is no shortcut while a letter is put together, or held down", () => {
    expect(shortcutFor(press("k", { ctrlKey: true, isComposing: true }), page)).toBeNull()
    expect(shortcutFor(press("k", { ctrlKey: true, repeat: true }), page)).toBeNull()
  })

  test("belongs to a dialog or a menu while one is open", () => {
    expect(shortcutFor(press("?"), { ...page, isInLayer: true })).toBeNull()
  })
})

describe("the table of shortcuts", () => {
  test("is shown whole: each shortcut belongs to one of the groups", () => {
    expect(SHORTCUT_GROUPS.flatMap(shortcutsOf).toSorted()).toEqual(
      // Its keys are the ids.
      (Object.keys(SHORTCUTS) as (keyof typeof SHORTCUTS)[]).toSorted(),
    )
  })

  test("is read as keys, in the words of the machine", () => {
    const names = { mod: "Strg", shift: "Umschalt", alt: "Alt", named: { ArrowUp: "↑" } }

    expect(comboKeys({ key: "k", mod: true }, false, names)).toEqual(["Strg", "K"])
    expect(comboKeys({ key: "f", mod: true, shift: true }, true, names)).toEqual(["⌘", "⇧", "F"])
    expect(comboKeys({ key: "ArrowUp", alt: true }, false, names)).toEqual(["Alt", "↑"])
    expect(ariaShortcut("search", false)).toBe("Control+Shift+f /")
  })
})
