import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { findPhrases, readQuery } from "../../src/core/search-query"
import { snippetOf } from "../../src/core/search-snippet"
import { wordsOf } from "../../src/protocol/search-terms"
import { runs } from "../fuzz/runs"

const snippet = (content: string, q: string): string | null => {
  const places = findPhrases(wordsOf(content), readQuery(q))
  return places === null ? null : snippetOf(content, places.flat())
}

describe("the snippet of a hit", () => {
  test("marks each hit as it was written", () => {
    expect(snippet("Café, cafe and CAFÉ!", "cafe")).toBe(
      "<mark>Café</mark>, <mark>cafe</mark> and <mark>CAFÉ</mark>!",
    )
    expect(snippet("東京都の黒猫", "京都の")).toBe("東<mark>京都の</mark>黒猫")
    expect(snippet("東京都の黒猫", "猫")).toBe("東京都の黒<mark>猫</mark>")
    expect(snippet("one 🎉 two", "🎉")).toBe("one <mark>🎉</mark> two")
  })

  test("lets no markup of a message through", () => {
    const evil = `<script>alert("x")</script> & <mark onclick='y'>hit</mark>`

    expect(snippet(evil, "hit script")).toBe(
      "&lt;<mark>script</mark>&gt;alert(&quot;x&quot;)&lt;/<mark>script</mark>&gt; &amp; " +
        "&lt;mark onclick=&#39;y&#39;&gt;<mark>hit</mark>&lt;/mark&gt;",
    )
  })

  test("of a long message is the part with most hits, cut between words", () => {
    const filler = "lorem ipsum ".repeat(40)

    const html = snippet(`needle ${filler}needle and needle ${filler}`, "needle") ?? ""

    expect(html).toMatch(/^…(ipsum|lorem) /)
    expect(html).toMatch(/ (ipsum|lorem)…$/)
    expect(html.match(/<mark>needle<\/mark>/g)).toHaveLength(2)
    expect(html.length).toBeLessThan(260)
  })

  test("tears no character apart, of however many parts", () => {
    const family = "👨‍👩‍👧‍👦"

    const html = snippet(`${family.repeat(40)} needle`, "needle") ?? ""

    expect(
      html
        .replace(/…|<\/?mark>|needle| /g, "")
        .split(family)
        .join(""),
    ).toBe("")
  })

  test("whatever is written and looked for: its text is a part of the message, escaped", () => {
    const text = fc.oneof(fc.string({ unit: "binary", maxLength: 300 }), fc.lorem({ maxCount: 60 }))
    fc.assert(
      fc.property(text, fc.nat(), (content, at) => {
        const { tokens } = wordsOf(content)
        const token = tokens[at % Math.max(1, tokens.length)]
        if (token === undefined) return
        const html = snippet(content, content.slice(token.start, token.end))
        const plain = (html ?? "").replace(/<\/?mark>/g, "")
        expect(plain).not.toMatch(/[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/)
        expect(html).toContain("<mark>")
        expect(content).toContain(unescaped(plain).replace(/^…|…$/g, ""))
      }),
      runs(150),
    )
  })
})

const CHARACTERS: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
}
const unescaped = (html: string) =>
  html.replace(/&(amp|lt|gt|quot|#39);/g, (it) => CHARACTERS[it] ?? it)
