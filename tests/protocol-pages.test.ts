import { describe, expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { ERROR_EXAMPLES } from "../src/dialects/room-commands/examples"
import { OPERATIONS } from "../src/http/openapi/operations"
import { GOLDEN_FRAMES, type Sent } from "./support/golden-frames"

const PROTOCOLS = Object.entries(GOLDEN_FRAMES)
const read = (name: string) => readFileSync(`docs/protocols/${name}.md`, "utf8")

const sectionOf = (page: string, heading: string) =>
  page.split(/^## /m).find((it) => it.startsWith(`${heading}\n`)) ?? ""

/** The first column of a section's tables, without their headings. */
function namesIn(page: string, heading: string): readonly string[] {
  const rows = sectionOf(page, heading).matchAll(/^\| `([^`]+)`/gm)
  return [...rows].map(([, name = ""]) => name)
}

/** The lines of a section's examples: frames, or over Socket.IO events with what they carry. */
function examplesIn(page: string, heading: string, golden: readonly Sent[]): readonly Sent[] {
  const blocks = sectionOf(page, heading).matchAll(/^```(json|text)\n([\s\S]*?)^```$/gm)
  return [...blocks].flatMap(([, kind, lines = ""]) =>
    lines
      .trimEnd()
      .split("\n")
      .map((line) => (kind === "json" ? frame(line, golden) : event(line))),
  )
}

function frame(line: string, golden: readonly Sent[]): Sent {
  const content = JSON.parse(line)
  const names = new Set(golden.map(({ name }) => name))
  return { name: names.has(content.event) ? content.event : content.type, content }
}

function event(line: string): Sent {
  const [, name = "", payload] = /^(\S+)(?: (.*))?$/.exec(line) ?? []
  return { name, content: payload === undefined ? undefined : JSON.parse(payload) }
}

const sorted = (names: Iterable<string>) => [...new Set(names)].sort()

describe.each(PROTOCOLS)("the page of %s", (name, { client, server }) => {
  const page = read(name)

  test.each([
    ["What a client sends", client],
    ["What it is told", server],
  ])("%s: every frame that there is, with a golden frame for each", (heading, golden) => {
    const examples = examplesIn(page, heading, golden)

    expect(examples.length).toBeGreaterThan(3)
    expect(sorted(namesIn(page, heading))).toEqual(sorted(golden.map((it) => it.name)))
    expect(sorted(examples.map((it) => it.name))).toEqual(sorted(golden.map((it) => it.name)))
    for (const example of examples) expect(golden).toContainEqual(example)
  })

  test("the first page and the examples lead to it", () => {
    expect(read("README")).toContain(`[\`${name}\`](${name}.md)`)
    expect(page).toContain(`../examples/README.md#${name}`)
  })
})

test("the page of room-commands has every text of an error, and no other", () => {
  expect(sorted(namesIn(read("room-commands"), "Errors"))).toEqual(
    sorted(Object.values(ERROR_EXAMPLES)),
  )
})

test("every route that is named is there", () => {
  const pages = [...PROTOCOLS.map(([name]) => name), "README"].map(read).join("\n")
  const named = [...pages.matchAll(/`((?:GET|POST) \/[\w/{}-]+)/g)].map(([, route = ""]) =>
    route.replace(/\{(\w+)\}/g, ":$1"),
  )

  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((route) => !Object.hasOwn(OPERATIONS, route))).toEqual([])
})

test("there is a page for each of the five protocols", () => {
  expect(PROTOCOLS).toHaveLength(5)
})
