/**
 * More scans than any encoder writes, of which the usual ones make about ten. Each is a walk over
 * all pixels, and may have no more than a few bytes.
 */
const SCANS_MAX = 64

/** Of a thousand times as many, if it comes to the worst: profiles have a few KB, texts little more. */
const PACKED_BYTES_MAX = 128 * 1024

/**
 * Whether unpacking a picture takes what its pixels do, and not hours or all memory. Its decoder
 * bounds neither how often a JPEG is gone over, nor what is packed in a PNG beside its pixels.
 */
export function isBounded(bytes: Uint8Array, mime: string): boolean {
  if (mime === "image/jpeg") return hasFewScans(bytes)
  if (mime === "image/png") return hasLittlePacked(bytes)
  return true
}

const MARKER = 0xff
const END_OF_IMAGE = 0xd9
const START_OF_SCAN = 0xda
/** A byte that is no marker, the temporary one, restarts and the start: no length follows. */
const isAlone = (marker: number) =>
  marker === 0 || marker === 1 || (marker >= 0xd0 && marker <= 0xd8)

/** Source: ITU-T T.81, B.1.1. */
function hasFewScans(bytes: Uint8Array): boolean {
  let scans = 0
  for (let at = 0; at < bytes.length; ) {
    // What is no marker is what was scanned.
    if (bytes[at++] !== MARKER) continue
    while (bytes[at] === MARKER) at++
    const marker = bytes[at++] ?? END_OF_IMAGE
    if (marker === END_OF_IMAGE) break
    if (isAlone(marker)) continue
    if (marker === START_OF_SCAN && ++scans > SCANS_MAX) return false
    at += Math.max(2, ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0))
  }
  return true
}

const SIGNATURE_BYTES = 8
/** Length, type and checksum. */
const CHUNK_BYTES = 12
/** Types, as the numbers that their letters are: a file may have millions of chunks. */
const COLOR_PROFILE = 0x69434350
const PACKED_TEXT = 0x7a545874
const INTERNATIONAL_TEXT = 0x69545874
/** A text's keyword has at most 79, and ends with a zero. */
const KEYWORD_BYTES_MAX = 80

/** Source: PNG, third edition, 5.3 and 11.3. */
function hasLittlePacked(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let packed = 0
  for (let at = SIGNATURE_BYTES; at + CHUNK_BYTES <= bytes.length; ) {
    const length = view.getUint32(at)
    const type = view.getUint32(at + 4)
    if (
      type === COLOR_PROFILE ||
      type === PACKED_TEXT ||
      (type === INTERNATIONAL_TEXT && isPacked(bytes.subarray(at + 8, at + 8 + length)))
    ) {
      packed += length
    }
    if (packed > PACKED_BYTES_MAX) return false
    at += CHUNK_BYTES + length
  }
  return true
}

/** A flag behind the keyword says so; what has none is believed nothing. */
function isPacked(text: Uint8Array): boolean {
  const end = text.subarray(0, KEYWORD_BYTES_MAX).indexOf(0)
  return end === -1 || text[end + 1] !== 0
}
