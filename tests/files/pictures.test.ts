import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { randomBytes } from "node:crypto"
import { truncateSync, writeFileSync } from "node:fs"
import { crc32, deflateSync } from "node:zlib"
import { createPictures } from "../../src/files/pictures"
import { createScratch, type Scratch } from "../support/scratch"
import { png } from "../support/uploads"

let scratch: Scratch

beforeEach(() => {
  scratch = createScratch()
})
afterEach(() => scratch.remove())

function examine(content: Uint8Array, mime: string) {
  const path = scratch.path("picture")
  writeFileSync(path, content)
  return createPictures({ thumbnailPixelsMax: 400, pixelsMax: 50_000_000 }).examine(path, mime)
}

describe("a JPEG", () => {
  /** Gray, of 16 by 16 pixels, and gone over once for each scan: of none but the first it has any. */
  function jpeg(scans: number, behind = Buffer.alloc(0)): Uint8Array {
    const segment = (marker: number, ...data: number[]) =>
      Buffer.from([0xff, marker, 0, data.length + 2, ...data])
    // One code, of one bit.
    const code = (table: number, symbol: number) =>
      segment(0xc4, table, 1, ...Array(15).fill(0), symbol)
    const frame = segment(0xc2, 8, 0, 16, 0, 16, 1, 1, 0x11, 0)
    const first = Buffer.concat([segment(0xda, 1, 1, 0, 0, 0, 0), Buffer.from([0])])
    // Four blocks, each said to be at its end.
    const next = Buffer.concat([segment(0xda, 1, 1, 0, 1, 63, 0), Buffer.from([0x0f])])
    return Buffer.concat([
      Buffer.from([0xff, 0xd8]),
      segment(0xdb, 0, ...Array(64).fill(1)),
      frame,
      code(0x00, 0x00),
      first,
      code(0x10, 0x00),
      ...Array(scans - 1).fill(next),
      Buffer.from([0xff, 0xd9]),
      behind,
    ])
  }

  test("of 65 scans is not unpacked, for each may take as long as the whole; one of 64 is", async () => {
    expect(await examine(jpeg(65), "image/jpeg")).toBeNull()

    expect(await examine(jpeg(64), "image/jpeg")).toMatchObject({
      width: 16,
      thumbnail: expect.any(Uint8Array),
    })
  })

  test("may have a film behind it, as phones make them, in which anything looks like a scan", async () => {
    const film = Buffer.alloc(1_000, Buffer.from([0xff, 0xda]))

    expect((await examine(jpeg(10, film), "image/jpeg"))?.thumbnail).toBeInstanceOf(Uint8Array)
  })
})

describe("a PNG", () => {
  function chunk(type: string, ...parts: readonly (string | Buffer)[]): Buffer {
    const data = Buffer.concat([type, ...parts].map((it) => Buffer.from(it)))
    const whole = Buffer.alloc(data.length + 8)
    whole.writeUInt32BE(data.length - 4, 0)
    data.copy(whole, 4)
    whole.writeUInt32BE(crc32(data), data.length + 4)
    return whole
  }

  /** Behind its head. */
  function pngWith(...chunks: readonly Buffer[]): Uint8Array {
    const plain = png(30, 20)
    return Buffer.concat([plain.subarray(0, 33), ...chunks, plain.subarray(33)])
  }

  /** 20 MiB of zeros, in 20 KiB. */
  const bomb = deflateSync(Buffer.alloc(20 * 1024 * 1024))

  test.each([
    ["zTXt", "a\0\0"],
    ["iTXt", "a\0\x01\0\0\0"],
  ])(
    "with more than 128 KiB packed beside its pixels (%s) is not unpacked, and one with less is",
    async (type, head) => {
      const bombs = (count: number) => Array(count).fill(chunk(type, head, bomb))

      expect(await examine(pngWith(...bombs(7)), "image/png")).toBeNull()
      expect(await examine(pngWith(...bombs(1)), "image/png")).toMatchObject({
        width: 30,
        thumbnail: expect.any(Uint8Array),
      })
    },
  )

  test("with long texts that are not packed has a thumbnail", async () => {
    const text = randomBytes(200_000).toString("hex")
    const content = pngWith(chunk("tEXt", "a\0", text), chunk("iTXt", "a\0\0\0\0\0", text))

    expect((await examine(content, "image/png"))?.thumbnail).toBeInstanceOf(Uint8Array)
  })

  test("whose thumbnail would be 20 MiB of a profile of colours has none", async () => {
    const profile = Buffer.alloc(20 * 1024 * 1024)
    profile.writeUInt32BE(profile.length, 0)

    const picture = await examine(
      pngWith(chunk("iCCP", "a\0\0", deflateSync(profile))),
      "image/png",
    )

    expect(picture).toEqual({ width: 30, height: 20, thumbnail: null })
  })
})

test("a picture of more than 64 MiB is not read, and one of 64 MiB is", async () => {
  const path = scratch.path("picture")
  writeFileSync(path, png(30, 20))
  const pictures = createPictures({ thumbnailPixelsMax: 400, pixelsMax: 50_000_000 })
  const ofSize = async (bytes: number) => {
    truncateSync(path, bytes)
    return await pictures.examine(path, "image/png")
  }

  expect(await ofSize(64 * 1024 * 1024)).toMatchObject({ width: 30 })
  expect(await ofSize(64 * 1024 * 1024 + 1)).toBeNull()
})
