import { createHash } from "node:crypto"
import { promisify } from "node:util"
import { brotliCompress, constants, gzip } from "node:zlib"
import type { WebFile } from "./web-file"

const packBrotli = promisify(brotliCompress)
const packGzip = promisify(gzip)

/** `fast` where somebody waits for the page, `small` where it is built once and sent for long. */
export type Effort = "fast" | "small"

const LEVELS = { fast: { brotli: 5, gzip: 6 }, small: { brotli: 11, gzip: 9 } } as const

/** Text of fewer bytes goes in one packet anyway. */
const PACKED_BYTES_MIN = 512

/** Packs a file in both ways, off this thread. What is packed by its nature stays as it is. */
export async function packFile(
  content: Blob,
  { type, effort }: { readonly type: string; readonly effort: Effort },
): Promise<WebFile> {
  const bytes = new Uint8Array(await content.arrayBuffer())
  const isPackable = PACKABLE.test(type) && bytes.length >= PACKED_BYTES_MIN
  const level = LEVELS[effort]
  const [brotli, zipped] = await Promise.all([
    isPackable
      ? packBrotli(bytes, {
          params: {
            [constants.BROTLI_PARAM_QUALITY]: level.brotli,
            [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
          },
        })
      : null,
    isPackable ? packGzip(bytes, { level: level.gzip }) : null,
  ])
  const ifSmaller = (packed: Buffer | null) =>
    packed !== null && packed.length < bytes.length ? new Blob([new Uint8Array(packed)]) : null
  return {
    type,
    bytes: new Blob([bytes]),
    gzip: ifSmaller(zipped),
    brotli: ifSmaller(brotli),
    hash: createHash("sha256").update(bytes).digest("base64url").slice(0, 16),
  }
}

const PACKABLE = /^(?:text\/|application\/(?:json|manifest\+json)|image\/svg\+xml)/
