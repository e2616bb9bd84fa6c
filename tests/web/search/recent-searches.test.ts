import { describe, expect, test } from "bun:test"
import {
  forgetSearch,
  type KeptTexts,
  readRecentSearches,
  rememberSearch,
} from "../../../src/web/search/recent-searches"

function shelf(text: string | null = null): KeptTexts {
  let kept = text
  return {
    getItem: () => kept,
    setItem: (_key, value) => {
      kept = value
    },
    removeItem: () => {
      kept = null
    },
  }
}

const refusing: KeptTexts = {
  getItem: () => {
    throw new Error("refused")
  },
  setItem: () => {
    throw new Error("refused")
  },
  removeItem: () => {
    throw new Error("refused")
  },
}

describe("what was looked for last", () => {
  test("stands with the latest first, each once", () => {
    const storage = shelf()

    for (const text of ["cake", "tea", " Cake "]) rememberSearch(storage, text)

    expect(readRecentSearches(storage)).toEqual(["Cake", "tea"])
  })

  test("keeps 8 searches", () => {
    const storage = shelf()

    for (let n = 1; n <= 9; n++) rememberSearch(storage, `search ${n}`)

    expect(readRecentSearches(storage)).toHaveLength(8)
    expect(readRecentSearches(storage)).not.toContain("search 1")
  })

  test("can be forgotten, one by one", () => {
    const storage = shelf()
    rememberSearch(storage, "cake")
    rememberSearch(storage, "tea")

    forgetSearch(storage, "cake")

    expect(readRecentSearches(storage)).toEqual(["tea"])
  })

  test.each(["{", "{}", "null", '[1,null,""]'])(
    "is nothing where somebody else wrote: %s",
    (text) => {
      expect(readRecentSearches(shelf(text))).toEqual([])
    },
  )

  test("is nothing where the browser keeps nothing", () => {
    expect(rememberSearch(refusing, "cake")).toEqual(["cake"])
    expect(readRecentSearches(refusing)).toEqual([])
  })
})
