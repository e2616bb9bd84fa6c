import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { snippetOf } from "../../../src/core/search-snippet"
import { parseSnippet } from "../../../src/web/search/snippet"

const textOf = (html: string) =>
  parseSnippet(html)
    .map(({ text }) => text)
    .join("")

describe("a snippet of the server", () => {
  test("is cut where hits begin and end", () => {
    expect(parseSnippet("say <mark>hello</mark> to <mark>them</mark>")).toEqual([
      { text: "say ", isHit: false },
      { text: "hello", isHit: true },
      { text: " to ", isHit: false },
      { text: "them", isHit: true },
    ])
  })

  test("says what was written, where that was escaped", () => {
    expect(textOf("a &lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;")).toBe(`a <b> & "c" 'd'`)
  })

  test("is looked through once: what looks like an entity in it stays as it was written", () => {
    expect(textOf("&amp;lt;mark&amp;gt; &amp;amp;")).toBe("&lt;mark&gt; &amp;")
  })

  test("makes no hit of a mark that somebody wrote", () => {
    expect(parseSnippet("&lt;mark&gt;mine&lt;/mark&gt;")).toEqual([
      { text: "<mark>mine</mark>", isHit: false },
    ])
  })

  test.each([
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<mark onclick="alert(1)">x',
    "<MARK>x</MARK>",
    "<mark ><mark/>",
    "&#x3c;b&#x3e; &nbsp; &notin; &#0; &",
    "<!-- <b> --> <![CDATA[ ]]>",
    "</mar",
  ])("is text, whatever else stands in it: %s", (html) => {
    expect(parseSnippet(html)).toEqual([{ text: html, isHit: false }])
  })

  test("may leave marks open, closed twice or empty", () => {
    expect(parseSnippet("</mark>a<mark><mark>b</mark><mark></mark>")).toEqual([
      { text: "a", isHit: false },
      { text: "b", isHit: true },
    ])
    expect(parseSnippet("")).toEqual([])
  })

  test("gives back any message, with its hits, as the server marked it", () => {
    const hostile = fc.array(
      fc.constantFrom("<mark>", "</mark>", "&", "amp;", "&lt;", "<", ">", '"', "'", "x", "#39;"),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(hostile, fc.nat(60), fc.nat(10), (pieces, start, length) => {
        const content = pieces.join("")
        const end = Math.min(content.length, start + length)
        const hits = start < end ? [{ start, end }] : []

        const parts = parseSnippet(snippetOf(content, hits))

        expect(parts.map(({ text }) => text).join("")).toBe(content)
        expect(
          parts
            .filter(({ isHit }) => isHit)
            .map(({ text }) => text)
            .join(""),
        ).toBe(start < end ? content.slice(start, end) : "")
      }),
    )
  })
})
