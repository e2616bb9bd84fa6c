import { describe, expect, test } from "bun:test"
import { safeLink } from "../../../src/web/text/safe-link"

describe("a link", () => {
  test.each([
    ["https://parley.example/a?b=c#d", "https://parley.example/a?b=c#d"],
    ["HTTP://Parley.Example", "http://parley.example/"],
    ["mailto:ann@parley.example", "mailto:ann@parley.example"],
  ])("may lead to %s", (address, href) => {
    expect(safeLink(address)).toBe(href)
  })

  test.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "\tjavascript:alert(1)",
    "java\nscript:alert(1)",
    "java\tscript:alert(1)",
    "\u0001javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://parley.example/1",
    "ftp://parley.example",
    "view-source:https://parley.example",
    "/api/v1/auth/logout",
    "//evil.example",
    "#/rooms/1",
    "?a=b",
    "",
    "https://",
    "https://bank.example@evil.example",
    "https://user:secret@evil.example",
  ])("never leads to %j", (address) => {
    expect(safeLink(address)).toBeNull()
  })
})
