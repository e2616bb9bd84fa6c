import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { describe as describePage } from "../../src/previews/describe"

const read = (html: string, charset: string | null = null) =>
  describePage(new TextEncoder().encode(html), charset)

describe("what a page says of itself", () => {
  test("is what it says to those who share it, before what it says to browsers", () => {
    const page = read(`<!doctype html><html><head>
      <title>For tabs</title>
      <meta name="description" content="For engines">
      <meta name="twitter:title" content="For Twitter">
      <meta property="og:title" content="For all">
      <meta property="og:description" content="What it is about">
      <meta property="og:site_name" content="A site">
      <meta property="og:image" content="https://tracker.example/x.png">
      </head>`)

    expect(page).toEqual({ title: "For all", description: "What it is about", siteName: "A site" })
  })

  test.each([
    ["<title>Only a title</title>", { title: "Only a title", description: null, siteName: null }],
    [
      `<TITLE>T</TITLE><META NAME="Description" CONTENT="D">`,
      { title: "T", description: "D", siteName: null },
    ],
    [
      `<meta name=twitter:title content=T><meta name=twitter:description content=D>`,
      { title: "T", description: "D", siteName: null },
    ],
    ["<title>T<script>no", { title: "T<script>no", description: null, siteName: null }],
    [`<meta property="og:title" content=""><title>T</title>`, { title: "T" }],
    [
      `<meta property="og:title" content="1"><meta property="og:title" content="2">`,
      { title: "1" },
    ],
    ["<svg><title>A picture</title></svg>", { title: "A picture" }],
    ["<title>T</title><svg><title>A picture</title></svg>", { title: "T" }],
  ])("%s", (html, expected) => {
    expect(read(html)).toMatchObject(expected)
  })

  test.each([
    "",
    "hello",
    "<title></title>",
    "<title> \n&nbsp;&#x202E;</title>",
    `<meta name="description" content="D">`,
    "<!-- <title>T</title> -->",
    "\0\0\0",
  ])("%j is nothing", (html) => {
    expect(read(html)).toBeNull()
  })

  test("is plain text on one line: entities are read once, and nothing that hides or turns text is left", () => {
    const hidden = "a\u202Eb\u2066c\u200Bd\u0007ef\u{E0041}g\u00ADh"

    expect(read("<title>A &amp; B &lt;b&gt; &amp;lt; &eacute;\n\n  &#8217;x</title>")?.title).toBe(
      "A & B <b> &lt; é ’x",
    )
    expect(read(`<meta property=og:title content="&quot;a&#39;&amp;copy=1">`)?.title).toBe(
      `"a'&copy=1`,
    )
    expect(read(`<title>${hidden}</title>`)?.title).toBe("abcdefgh")
    expect(read("<title>&#x202E;&#8238;&#0;x&#xD800;</title>")?.title).not.toMatch(/[\u202E\0]/)
    expect(read("<title>👩‍🚀 ✓</title>")?.title).toBe("👩‍🚀 ✓")
  })

  test("has at most 200 characters of title and site_name, and 500 of description", () => {
    const html = (titleChars: number, descriptionChars: number) => `
      <title>${"🎈".repeat(titleChars)}</title>
      <meta property="og:site_name" content="${"s".repeat(titleChars)}">
      <meta name="description" content="${"d".repeat(descriptionChars)}">`

    expect(read(html(200, 500))).toEqual({
      title: "🎈".repeat(200),
      description: "d".repeat(500),
      siteName: "s".repeat(200),
    })
    expect(read(html(201, 501))).toEqual({
      title: `${"🎈".repeat(199)}…`,
      description: `${"d".repeat(499)}…`,
      siteName: `${"s".repeat(199)}…`,
    })
  })

  test.each([
    ["the header's charset", "windows-1251", [0xcf], "<title>", "П"],
    ["its own charset", null, [0xe9], "<meta charset=iso-8859-1><title>", "é"],
    [
      "the charset of its http-equiv",
      null,
      [0x82, 0xa0],
      `<meta http-equiv=Content-Type content="text/html; charset=Shift_JIS"><title>`,
      "あ",
    ],
    ["UTF-8 where none is named", null, [0xc3, 0xa9], "<title>", "é"],
    ["UTF-8 where a charset is unknown", "klingon", [0xc3, 0xa9], "<title>", "é"],
    [
      "the header's charset before its own",
      "utf-8",
      [0xc3, 0xa9],
      "<meta charset=gbk><title>",
      "é",
    ],
  ])("is read by %s", (_, charset, bytes, start, title) => {
    const page = Buffer.concat([Buffer.from(start), Buffer.from(bytes), Buffer.from("</title>")])

    expect(describePage(page, charset)?.title).toBe(title)
  })

  test("is read by the mark at its start", () => {
    const utf16 = Buffer.concat([
      Buffer.from([0xff, 0xfe]),
      Buffer.from("<title>é</title>", "utf16le"),
    ])

    expect(describePage(utf16, "iso-8859-1")?.title).toBe("é")
    expect(read("\uFEFF<title>é</title>", "iso-8859-1")?.title).toBe("é")
  })

  test("is bounded plain text or nothing, whatever its bytes are", () => {
    const pieces = fc.constantFrom(
      "<title>",
      "</title>",
      "<meta property=og:title content=",
      "&#",
      ">",
      '"',
    )
    const html = fc.array(fc.oneof(pieces, fc.string({ unit: "binary" }))).map((it) => it.join(""))
    const bytes = fc.oneof(
      html.map((it) => new TextEncoder().encode(it)),
      fc.uint8Array(),
    )

    fc.assert(
      fc.property(bytes, fc.constantFrom(null, "utf-16le", "gbk", "no"), (page, charset) => {
        const title = describePage(page, charset)?.title ?? "none"

        expect([...title].length).toBeWithin(1, 201)
        expect(title).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u)
        expect(title.isWellFormed()).toBe(true)
      }),
    )
  })
})
