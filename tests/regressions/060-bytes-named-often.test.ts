import { expect, test } from "bun:test"
import { createParser } from "../../src/wire/socket-io/parser"

test("an attachment that a packet names a thousand times is read in no time", () => {
  const { Decoder } = createParser({
    textBytesMax: 1_000_000,
    attachmentsMax: 10,
    attachmentBytesMax: 65_536,
    depthMax: 34,
  })
  const decoder = new Decoder()
  const decoded: unknown[] = []
  decoder.on("decoded", (packet) => decoded.push(packet))
  const names = '{"_placeholder":true,"num":0},'.repeat(1_000)
  const from = performance.now()

  decoder.add(`51-/chat,["x",${names}1]`)
  decoder.add(Buffer.alloc(60_000))

  // Seconds when each byte was looked at as often as it is named.
  expect(performance.now() - from).toBeLessThan(500)
  expect(decoded).toHaveLength(1)
})
