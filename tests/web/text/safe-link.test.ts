import { describe, expect, test } from "bun:test"
import { isMisleading, safeLink } from "../../../src/web/text/safe-link"

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

describe("a link that is called by an address", () => {
  test.each([
    ["https://bank.example", "https://evil.example/"],
    ["https://bank.example/login", "https://evil.example/bank.example"],
    ["bank.com", "https://bank.com.evil.example/"],
    ["www.bank.example", "https://evil.example/"],
    ["**https://bank.example**", "https://evil.example/"],
    ["https://bank.io", "https://evil.example/"],
    ["https://you@bank.io", "https://evil.example/"],
    ["bank.com/login", "mailto:ann@evil.example"],
    ["https://bank\u200B.example", "https://evil.example/"],
    ["https://xn--bnk-qla.example", "https://evil.example/"],
  ])("as %j misleads where it leads to %j", (label, href) => {
    expect(isMisleading(label, href)).toBe(true)
  })

  test.each([
    ["https://bank.example", "https://bank.example/login"],
    ["www.bank.example", "https://bank.example/"],
    ["BANK.example/a", "https://bank.example/"],
    ["the bank", "https://bank.example/"],
    ["read me.first", "https://bank.example/"],
    ["package.json", "https://github.example/package.json"],
    ["node.js v22", "https://nodejs.example/"],
    ["node.js", "https://nodejs.example/"],
    ["README.md", "https://github.example/"],
    ["ASP.NET", "https://microsoft.example/"],
    ["https://bank.example:8080", "https://bank.example/"],
    ["ann@bank.example", "mailto:ann@bank.example"],
    ["5.5 is out", "https://bank.example/"],
  ])("as %j does not mislead where it leads to %j", (label, href) => {
    expect(isMisleading(label, href)).toBe(false)
  })
})
