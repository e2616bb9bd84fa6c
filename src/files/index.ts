import { createHash } from "node:crypto"
import { rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { LIMITS } from "../protocol/limits"
import { createOnDisk } from "./disk-trouble"
import { createIncoming, type Received } from "./incoming"
import { mediaTypeOf } from "./media-type"
import { createPictures } from "./pictures"
import type { ContentHash, Storage } from "./storage"

/** What was found out about a file that came in. */
export interface Examined {
  readonly mime: string
  readonly width: number | null
  readonly height: number | null
  /** Its small picture, in a file of its own; null: it has none. */
  readonly thumbnail: { readonly hash: ContentHash; readonly path: string } | null
  /** Takes the small picture off the disk; not what was made of it. */
  discard(): Promise<void>
}

interface FilesOptions {
  /** Where files lie while they come in. */
  readonly folder: string
  readonly storage: Storage
  /** No file can be stored: a full disk. Called for each that cannot. */
  readonly onTrouble?: (error: unknown) => void
}

/** Files: how they come in, what they are, and where they stay. */
export function createFiles({ folder, storage, onTrouble = () => undefined }: FilesOptions) {
  const incoming = createIncoming(folder)
  const onDisk = createOnDisk(onTrouble)
  const pictures = createPictures({
    thumbnailPixelsMax: LIMITS.thumbnailPixelsMax,
    pixelsMax: LIMITS.picturePixelsMax,
  })

  /** Never fails because of what is in the file. */
  async function examine(received: Received): Promise<Examined> {
    const mime = await mediaTypeOf(received)
    const picture = await pictures.examine(received.path, mime)
    const found = { mime, width: picture?.width ?? null, height: picture?.height ?? null }
    const bytes = picture?.thumbnail ?? null
    if (bytes === null) return { ...found, thumbnail: null, discard: async () => undefined }
    const path = `${received.path}-thumbnail`
    await writeFile(path, bytes, { mode: 0o600 })
    const hash = createHash("sha256").update(bytes).digest("hex")
    return { ...found, thumbnail: { hash, path }, discard: () => rm(path, { force: true }) }
  }

  const receive: typeof incoming.receive = (...content) => onDisk(incoming.receive(...content))
  const put: Storage["put"] = (...content) => onDisk(storage.put(...content))

  return {
    ...incoming,
    ...storage,
    receive,
    put,
    examine: (received: Received): Promise<Examined> => onDisk(examine(received)),
  }
}

/** Where files lie while they come in, in the folder that they stay in: they need not be copied. */
export const incomingFolder = (folder: string): string => join(folder, "tmp")

export type Files = ReturnType<typeof createFiles>
export type { Received } from "./incoming"
export type { ByteRange, Content, ContentHash, Storage } from "./storage"
export { createDiskStorage } from "./storage.disk"
