import { isBounded } from "./unpacking"

/** What is known of a picture. */
export interface Picture {
  /** Pixels, as it is shown: turned as its camera said. */
  readonly width: number
  readonly height: number
  /** WebP, without what the file said besides: place, camera, time. Null: it cannot be read. */
  readonly thumbnail: Uint8Array | null
}

export interface PicturesOptions {
  /** Both sides of a thumbnail are at most so long. */
  readonly thumbnailPixelsMax: number
  /** A picture of more is not unpacked: 4 bytes each, whatever the file says of itself. */
  readonly pixelsMax: number
}

/** By content. What Bun reads on every system; the others are files without a picture. */
const READABLE: ReadonlySet<string> = new Set([
  "image/jpeg",
  "image/png",
  "image/gif",
  "image/webp",
  "image/bmp",
])

/** So many wait for their turn; beyond it a picture has no thumbnail. */
const WAITING_MAX = 32

/** All of a picture is in memory while it is looked at; one of more bytes has no thumbnail. */
const BYTES_MAX = 64 * 1024 * 1024

const QUALITY = 80

/** What more than that has is no picture of this size, but what it carries: a profile of colours. */
const THUMBNAIL_BYTES_MAX = 1024 * 1024

/**
 * Looks at pictures one after the other, on a thread of Bun's: unpacked, one of them may take
 * hundreds of MB. A broken one is a file like any other, and only not a picture.
 */
export function createPictures({ thumbnailPixelsMax, pixelsMax }: PicturesOptions) {
  let waiting = 0
  let last: Promise<unknown> = Promise.resolve()

  async function inTurn<T>(task: () => Promise<T>): Promise<T> {
    waiting++
    const before = last
    const turn = (async () => {
      await before
      return await task()
    })()
    last = turn.catch(() => undefined)
    try {
      return await turn
    } finally {
      waiting--
    }
  }

  /** Null: it is no picture, or says that it is too large to be unpacked. */
  async function examine(path: string, mime: string): Promise<Picture | null> {
    if (!READABLE.has(mime) || waiting >= WAITING_MAX) return null
    return await inTurn(() => look(path, mime))
  }

  async function look(path: string, mime: string): Promise<Picture | null> {
    const file = Bun.file(path)
    if (file.size > BYTES_MAX) return null
    try {
      const bytes = await file.bytes()
      if (!isBounded(bytes, mime)) return null
      // Read off its head: nothing is unpacked for it.
      const { width, height } = await new Bun.Image(bytes, { maxPixels: pixelsMax }).metadata()
      return { width, height, thumbnail: await shrink(bytes) }
    } catch {
      return null
    }
  }

  async function shrink(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array | null> {
    try {
      const small = await new Bun.Image(bytes, { maxPixels: pixelsMax })
        .resize(thumbnailPixelsMax, thumbnailPixelsMax, { fit: "inside", withoutEnlargement: true })
        .webp({ quality: QUALITY })
        .bytes()
      return small.length <= THUMBNAIL_BYTES_MAX ? small : null
    } catch {
      return null
    }
  }

  return { examine }
}
