import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { keepLinkPreviews, linksIn } from "../../src/core/links"
import { NO_EXTRAS } from "../../src/protocol/entities"

describe("the addresses of a text", () => {
  test.each([
    ["https://a.example", ["https://a.example"]],
    ["HTTP://A.example/X", ["HTTP://A.example/X"]],
    [
      "see https://a.example/b?c=d#e, and (http://b.example).",
      ["https://a.example/b?c=d#e", "http://b.example"],
    ],
    ["(https://a.example/b_(c))", ["https://a.example/b_(c)"]],
    ["[x](https://a.example/b)", ["https://a.example/b"]],
    ["«https://a.example/ä»!", ["https://a.example/ä»"]],
    ['"https://a.example"', ["https://a.example"]],
    ["https://a.example https://a.example", ["https://a.example"]],
    ["https://127.0.0.1 https://[::1]/x", ["https://127.0.0.1", "https://[::1]/x"]],
    ["<https://a.example>", []],
    ["<https://a.example> https://b.example", ["https://b.example"]],
    ["x<https://a.example>y", []],
    ["<https://a.example", ["https://a.example"]],
    ["<b>https://a.example</b>", ["https://a.example"]],
    ["xhttps://a.example", []],
    ["ftp://a.example javascript://a.example", []],
    ["https:// http://", []],
    ["https://ann:secret@a.example https://ann@a.example", []],
    [`https://a.example/${"x".repeat(2000)}`, []],
    ["www.a.example", []],
    ["", []],
  ])("in %j are %j", (text, links) => {
    expect(linksIn(text)).toEqual(links)
  })

  test("of 4 addresses in a text, 3 are looked at", () => {
    const links = [1, 2, 3, 4].map((n) => `https://a.example/${n}`)

    expect(linksIn(links.join(" "))).toEqual(links.slice(0, 3))
  })

  test("whatever stands around an address, it is found as it was written", () => {
    const before = fc.constantFrom("", " ", "\n", "see: ", "(", "[x](", "«", "<b>", "ä, ")
    const after = fc.constantFrom("", " ", "\n", ". And", ", so", "!?", ").", "]", '"', "</b>")
    const url = fc.webUrl({ withQueryParameters: true }).filter((it) => /[\w/]$/.test(it))
    const hasNoBrackets = (it: string) => !/[()[\]]/.test(it)

    fc.assert(
      fc.property(before, url.filter(hasNoBrackets), after, (start, link, end) => {
        expect(linksIn(`${start}${link}${end}`)).toEqual([link])
        expect(linksIn(`${start}<${link}>${end}`)).toEqual([])
      }),
    )
  })

  test("whatever a text is, all that is found stands in it, and is an http address", () => {
    const pieces = fc.constantFrom("http://", "https://", "a.example", "<", ">", "(", ")", "@", ".")
    const text = fc.array(fc.oneof(pieces, fc.string({ unit: "binary" }))).map((it) => it.join(""))

    fc.assert(
      fc.property(text, (it) => {
        for (const link of linksIn(it)) {
          expect(it).toContain(link)
          expect(["http:", "https:"]).toContain(new URL(link).protocol)
        }
      }),
    )
  })

  test("a text made to take long does not", () => {
    const before = process.cpuUsage()

    linksIn("<http://".repeat(500))
    linksIn(`http://a.example/${")".repeat(3900)}`)
    linksIn(`http://a.example/${"(".repeat(1900)}${")".repeat(2000)}`)

    // Of the processor, in microseconds: a machine may have other things to do.
    expect(process.cpuUsage(before).user).toBeLessThan(250_000)
  })
})

describe("previews after the text has become another one", () => {
  const preview = (url: string) => ({ url, title: url, description: null, siteName: null })
  const extras = {
    ...NO_EXTRAS,
    linkPreviews: [preview("https://a.example"), preview("https://b.example")],
  }

  test("those of addresses that are gone from it go, and the others follow its order", () => {
    const kept = keepLinkPreviews(extras, "https://b.example https://c.example https://a.example")
    const fewer = keepLinkPreviews(extras, "now <https://a.example> and https://b.example")

    expect(kept?.linkPreviews.map(({ url }) => url)).toEqual([
      "https://b.example",
      "https://a.example",
    ])
    expect(fewer?.linkPreviews.map(({ url }) => url)).toEqual(["https://b.example"])
    expect(keepLinkPreviews(extras, "none")?.linkPreviews).toEqual([])
  })

  test("nothing else of what a message has is touched", () => {
    expect(keepLinkPreviews(null, "https://a.example")).toBeNull()
    expect(keepLinkPreviews(NO_EXTRAS, "https://a.example")).toBe(NO_EXTRAS)
    expect(keepLinkPreviews({ ...extras, mentions: ["room"] }, "none")).toMatchObject({
      mentions: ["room"],
    })
  })
})
