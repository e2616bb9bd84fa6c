import { describe, expect, test } from "bun:test"
import { placeBeside } from "../../../src/web/ui/place-beside"

const VIEW = { width: 400, height: 300 }
const SIZE = { width: 100, height: 80 }
const at = (left: number, top: number) => ({ left, top, right: left + 20, bottom: top + 20 })

describe("what hangs on something", () => {
  test("is below it, where there is room", () => {
    expect(placeBeside(at(50, 50), SIZE, VIEW)).toEqual({ left: 50, top: 74 })
  })

  test("is above it near the lower edge, and to its left near the right one", () => {
    expect(placeBeside(at(370, 270), SIZE, VIEW)).toEqual({ left: 290, top: 186 })
  })

  test("never leaves the window, even where it has no room on either side", () => {
    expect(placeBeside(at(5, 140), { width: 390, height: 200 }, VIEW)).toEqual({ left: 8, top: 92 })
  })
})
