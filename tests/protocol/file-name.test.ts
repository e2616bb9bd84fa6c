import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { cleanFileName } from "../../src/protocol/file-name"

const nasty = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      "/",
      "\\",
      ".",
      " ",
      "\0",
      "\r",
      "\n",
      '"',
      "\u202e",
      "\u2066",
      "\ufeff",
      "\ud800",
      "é",
      "😀",
    ),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  ),
  maxLength: 600,
})

describe("the name of a file", () => {
  test.each([
    ["../../etc/passwd", "passwd"],
    ["C:\\fakepath\\cat.png", "cat.png"],
    ["..", "file"],
    ["", "file"],
    ["  . ", "file"],
    [".htaccess", "htaccess"],
    ["cat.png. ", "cat.png"],
    ["photo\u202egnp.exe", "photognp.exe"],
    ["a\r\nSet-Cookie: b", "aSet-Cookie: b"],
    ["e\u0301té.txt", "été.txt"],
    ["👩‍👩‍👧.jpg", "👩‍👩‍👧.jpg"],
  ])("%j is kept as %j", (raw, name) => {
    expect(cleanFileName(raw)).toBe(name)
  })

  test("keeps 255 characters of a name, its ending among them", () => {
    const name = cleanFileName(`${"😀".repeat(300)}.jpeg`)

    expect([...name]).toHaveLength(255)
    expect(name).toEndWith("😀.jpeg")
  })

  test("whatever it was, can be shown and saved, and stays as it is when it is cleaned again", () => {
    fc.assert(
      fc.property(nasty, (raw) => {
        const name = cleanFileName(raw)

        expect(name).not.toMatch(
          /[/\\\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|^[\s.]|[\s.]$/u,
        )
        expect(name.isWellFormed()).toBe(true)
        expect([...name].length).toBeGreaterThan(0)
        expect([...name].length).toBeLessThanOrEqual(255)
        expect(cleanFileName(name)).toBe(name)
      }),
    )
  })
})
