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

const QUALITY = 80

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
    return await inTurn(() => look(path))
  }

  async function look(path: string): Promise<Picture | null> {
    try {
      // Read off its head: nothing is unpacked for it.
      const { width, height } = await new Bun.Image(path, { maxPixels: pixelsMax }).metadata()
      return { width, height, thumbnail: await shrink(path) }
    } catch {
      return null
    }
  }

  async function shrink(path: string): Promise<Uint8Array | null> {
    try {
      return await new Bun.Image(path, { maxPixels: pixelsMax })
        .resize(thumbnailPixelsMax, thumbnailPixelsMax, { fit: "inside", withoutEnlargement: true })
        .webp({ quality: QUALITY })
        .bytes()
    } catch {
      return null
    }
  }

  return { examine }
}
