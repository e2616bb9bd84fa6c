import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { type ComponentChildren, isValidElement } from "preact"
import { parseMarkdown } from "../../../src/web/text/parse-markdown"
import {
  type CalledPerson,
  renderMarkdown,
  type TextContext,
} from "../../../src/web/text/render-markdown"

const ann = { id: "u-ann", username: "ann", display_name: "Ann Lee" }
const bob = { id: "u-bob", username: "bob", display_name: null }

const context: TextContext = {
  mentions: [],
  people: new Map<string, CalledPerson>([
    ["ann", ann],
    ["bob", bob],
  ]),
  myId: ann.id,
  emoji: new Map([["tada", "🎉"]]),
  isInline: false,
}

interface Shown {
  readonly text: string
  readonly elements: readonly { readonly name: string; readonly props: object }[]
}

/** What would be on the page: all elements, and all text. Code is a component that shows its code. */
function show(children: ComponentChildren): Shown {
  if (Array.isArray(children)) {
    const all = children.map((it: ComponentChildren) => show(it))
    return { text: all.map((it) => it.text).join(""), elements: all.flatMap((it) => it.elements) }
  }
  if (!isValidElement(children)) return { text: textOf(children), elements: [] }
  const { type } = children
  const { children: below, ...props } = children.props
  const inside = show("code" in props ? String(props.code) : below)
  const name = typeof type === "string" ? type : type.name
  return { text: inside.text, elements: [{ name, props }, ...inside.elements] }
}

const textOf = (child: ComponentChildren): string =>
  typeof child === "string" || typeof child === "number" ? String(child) : ""

const shown = (text: string, change: Partial<TextContext> = {}) =>
  show(renderMarkdown(parseMarkdown(text), { ...context, ...change }))

const names = ({ elements }: Shown) => elements.map((it) => it.name)

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(["p", "th", "td", "li"].map((name) => [name, ["class"]])),
  ...Object.fromEntries(
    ["blockquote", "hr", "ul", "table", "thead", "tbody", "tr", "strong", "em", "del"].map(
      (name) => [name, []],
    ),
  ),
  code: [],
  br: [],
  ol: ["start"],
  div: ["class", "aria-label", "tabIndex", "role"],
  span: ["class", "title"],
  input: ["type", "disabled", "checked", "aria-label"],
  a: ["href", "title", "target", "rel"],
  CodeBlock: ["code", "language"],
}

/** What is on the page that should not be. */
const strange = ({ elements }: Shown) =>
  elements.flatMap(({ name, props }) => {
    const allowed = ALLOWED[name]
    if (allowed === undefined) return [name]
    const wrong = Object.keys(props)
      .filter((it) => !allowed.includes(it))
      .map((it) => `${name} ${it}`)
    const href = "href" in props ? String(props.href) : "https:"
    return /^(https?|mailto):/.test(href) ? wrong : [...wrong, href]
  })

describe("what a message says is shown", () => {
  test.each([
    ["**a** _b_ ~~c~~ `d`", ["p", "strong", "em", "del", "code"]],
    ["a\nb", ["p", "br"]],
    ["# a", ["p"]],
    ["> a", ["blockquote", "p"]],
    ["- a\n- b", ["ul", "li", "li"]],
    ["3. a", ["ol", "li"]],
    ["- [x] a", ["ul", "li", "input"]],
    ["```ts\na\n```", ["CodeBlock"]],
    ["| a |\n|---|\n| b |", ["div", "table", "thead", "tr", "th", "tbody", "tr", "td"]],
    ["https://parley.example", ["p", "a"]],
    ["ann@parley.example", ["p", "a"]],
    ["![a](https://parley.example/a.png)", ["p", "a"]],
    ["---", ["hr"]],
  ])("%j as %j", (text, elements) => {
    expect(names(shown(text))).toEqual(elements)
  })

  test("a link that is called by another address is shown as it was written", () => {
    const said = "[https://bank.example](https://evil.example)"
    expect(shown(said)).toMatchObject({ text: said, elements: [{ name: "p" }] })
    expect(shown("![bank.com](https://evil.example)").elements).toHaveLength(1)
    expect(names(shown("[https://bank.example](https://bank.example/a)"))).toContain("a")
  })

  test("a link opens elsewhere, tells nobody where from, and shows where it leads", () => {
    const [, link] = shown("[a](https://parley.example/b)").elements

    expect(link?.props).toMatchObject({
      href: "https://parley.example/b",
      title: "https://parley.example/b",
      target: "_blank",
      rel: "noopener noreferrer nofollow",
    })
  })

  test("those whom it calls stand out, oneself and everybody more; others are text", () => {
    const mentions = [ann.id, bob.id, "room"]
    const chips = (text: string, called: readonly string[]) =>
      shown(text, { mentions: called }).elements.flatMap(({ name, props }) =>
        name === "span" && "class" in props ? [props.class] : [],
      )

    expect(chips("@ann @bob @room", mentions)).toEqual([
      "mention mention-me",
      "mention",
      "mention mention-me",
    ])
    expect(chips("@ann @bob @room", [])).toEqual([])
    expect(chips("`@ann`", mentions)).toEqual([])
    expect(chips("@eve", ["u-eve"])).toEqual(["mention"])
    expect(chips("@eve", [ann.id])).toEqual([])
    expect(shown("hi @ANN!", { mentions }).text).toBe("hi @Ann Lee!")
  })

  test("names of emoji become emoji where they are known, but not in code", () => {
    expect(shown(":tada: :xyzzy: `:tada:`").text).toBe("🎉 :xyzzy: :tada:")
    expect(shown(":tada:", { emoji: null }).text).toBe(":tada:")
  })

  test("on one line it has no blocks", () => {
    const inline = shown("# a\n\n- b\n- c\n\n> d\n\n```\ne\n```\n\n| f |\n|---|\n| g |", {
      isInline: true,
    })

    expect(names(inline)).toEqual(["code"])
    expect(inline.text.replace(/\s+/g, " ").trim()).toBe("a b c d e f g")
  })
})

describe("what a message says does nothing", () => {
  test.each([
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href='javascript:alert(1)'>a</a>",
    "<style>body{display:none}</style>",
    "<!-- a --><b>c</b>",
    "<math><mtext><style><img src onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](JAVASCRIPT:alert(1))",
    "[a](java&#x73;cript:alert(1))",
    "[a](javascript&colon;alert(1))",
    "[a](\u0001javascript:alert(1))",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "[a](vbscript:a)",
    "[a](//evil.example)",
    "[a](/api/v1/auth/logout)",
    "[a](#/rooms/b)",
    "![a](javascript:alert(1))",
    "![a](data:image/svg+xml,<svg onload=alert(1)>)",
    "<javascript:alert(1)>",
    "[a]: javascript:alert(1)\n\n[a]",
    '[a](https://b.example" onclick="alert(1))',
    '```" onclick="alert(1)\na\n```',
    "```<img/src/onerror=alert(1)>\na\n```",
    "| <img src=x onerror=alert(1)> |\n|---|\n| [a](javascript:b) |",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "@<script>alert(1)</script>",
    ":<script>:",
  ])("%j is text, or a link to the web", (text) => {
    const page = shown(text)

    expect(strange(page)).toEqual([])
    for (const name of names(page)) expect(name).not.toMatch(/script|img|svg|iframe|style/)
    expect(page.text.length).toBeGreaterThan(0)
  })

  const parts = fc.constantFrom(
    ...[
      "*",
      "**",
      "_",
      "~~",
      "`",
      "```",
      "\n",
      "\n\n",
      "> ",
      "- ",
      "1. ",
      "# ",
      "[",
      "](",
      ")",
      "![",
    ],
    ...["<", ">", "<b>", "</b>", "<script>", "javascript:", "https://a.example", "data:", "&lt;"],
    ...["@ann", "@room", ":tada:", "|", "|---|", "    ", "\\", "[x] ", '"', "'", "word", " ", "ä"],
  )
  const texts = fc.array(parts, { maxLength: 30 }).map((it) => it.join(""))

  test("whatever it is, only what is allowed comes of it, and always the same", () => {
    fc.assert(
      fc.property(texts, fc.boolean(), (text, isInline) => {
        const page = shown(text, { isInline, mentions: ["room", ann.id] })

        expect(strange(page)).toEqual([])
        expect(shown(text, { isInline, mentions: ["room", ann.id] })).toEqual(page)
      }),
      { numRuns: 2_000 },
    )
  })

  test("whatever marks are around them, the words of a message are on the page, in their order", () => {
    const words = fc.array(
      fc.tuple(fc.constantFrom("", "*", "**", "`", "> ", "<i>", "[", "- "), fc.nat(999)),
      {
        maxLength: 12,
      },
    )
    fc.assert(
      fc.property(words, (said) => {
        const text = said.map(([mark, word]) => `${mark}w${word}x`).join(" ")

        const seen = shown(text).text.match(/w\d+x/g) ?? []
        expect([...seen]).toEqual(said.map(([, word]) => `w${word}x`))
      }),
      { numRuns: 1_000 },
    )
  })
})
