import { describe, expect, test } from "bun:test"
import { CLOSE_CODES } from "../../../src/protocol/socket-frames"
import { commandKey } from "../../../src/web/playground/commands/command"
import { PROTOCOL_IDS, PROTOCOLS } from "../../../src/web/playground/protocols"
import { playground as de } from "../../../src/web/strings/de/playground"
import { playground as en } from "../../../src/web/strings/en/playground"

describe.each([
  ["English", en],
  ["German", de],
])("the playground in %s", (_language, words) => {
  test("says what every close code of ours means", () => {
    const codes = Object.values(CLOSE_CODES)

    expect(codes.length).toBeGreaterThan(5)
    expect(codes.filter((it) => words.closeCodes[it] === undefined)).toEqual([])
  })

  test("says what every command is for, and nothing of commands that are none", () => {
    const keys = PROTOCOL_IDS.flatMap((id) => PROTOCOLS[id].commands.map(commandKey))

    expect(Object.keys(words.commands).sort()).toEqual([...new Set(keys)].sort())
  })
})
