import { expect, test } from "bun:test"
import { wordsOf } from "../../src/protocol/search-terms"

const MARKS = "\u0301\u0323"

test("a letter under more marks than a page has room for is read in no time", () => {
  const startedAt = performance.now()
  const { tokens } = wordsOf(`hi a${MARKS.repeat(16_000)} you`)
  const tookMs = performance.now() - startedAt

  expect(tokens.map(({ term }) => term)).toEqual(["hi", "a", "you"])
  // To put the marks in order takes seconds.
  expect(tookMs).toBeLessThan(500)
})

test("of the marks that languages need none makes a difference", () => {
  const terms = (text: string) => wordsOf(text).tokens.map(({ term }) => term)

  expect(terms("Việt Nam")).toEqual(terms("Vie\u0302\u0323t Nam"))
  expect(terms(`a${MARKS.repeat(8)}b`)).toEqual(["ab"])
})
