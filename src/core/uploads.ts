import type { ByteRange, Content, ContentHash, Files } from "../files"
import type { Actor, Upload } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import { cleanFileName } from "../protocol/file-name"
import { asUploadId, type RoomId, type UploadId, type UserNumericId } from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import type { Script } from "../store"
import type { ChatDeps } from "./deps"
import type { RateLimit } from "./rate-limit"
import type { Rooms } from "./rooms"
import type { UploadRemoval } from "./upload-removal"

/** A file on its way in: its content ends when all that came with it was right. */
export interface IncomingFile {
  readonly name: string
  readonly content: AsyncIterable<Uint8Array>
}

/** A file, or its small picture, for an answer. */
export interface OpenedContent {
  /** As it is to be saved. */
  readonly name: string
  readonly hash: ContentHash
  readonly mime: string
  /** Bytes. */
  readonly size: number
  open(range?: ByteRange): Promise<Content>
}

interface UploadsDeps extends ChatDeps {
  readonly files: Files
  readonly rooms: Rooms
  readonly removal: UploadRemoval
  readonly rate: RateLimit
}

/** How often it is asked again whether the same content is gone at last, and how long between. */
const ASK_AGAIN = { times: 40, ms: 50 } as const

export function createUploads(deps: UploadsDeps) {
  const { store, files, rooms, removal, rate, settings, now, newId } = deps
  const underWay = new Map<UserNumericId, number>()

  /**
   * Takes a file in. `open` is called when the uploader may; resolves when it is durable.
   * Errors: `rate_limited`, `conflict` (too much that nothing shows), `payload_too_large`,
   * `overloaded`, and those of `open` and of what it gives.
   */
  async function upload(actor: Actor, open: () => Promise<IncomingFile>): Promise<Upload> {
    const owner = actor.user.numericId
    rate.take(owner)
    const leave = enter(owner)
    try {
      await store.read(refuseHoarder(owner))
      const { name, content } = await open()
      return await keep(owner, cleanFileName(name), content)
    } finally {
      leave()
    }
  }

  /** So many at a time: a client may be as slow as it likes. Errors: `rate_limited`. */
  function enter(owner: UserNumericId): () => void {
    const count = underWay.get(owner) ?? 0
    if (count >= LIMITS.uploadsAtOnceMax) {
      const detail = `more than ${LIMITS.uploadsAtOnceMax} uploads at the same time`
      throw new ChatError("rate_limited", { detail, retryAfterMs: 1_000 })
    }
    underWay.set(owner, count + 1)
    return () => {
      const left = (underWay.get(owner) ?? 1) - 1
      if (left === 0) underWay.delete(owner)
      else underWay.set(owner, left)
    }
  }

  async function keep(
    owner: UserNumericId,
    name: string,
    content: AsyncIterable<Uint8Array>,
  ): Promise<Upload> {
    const received = await files.receive(content, settings.uploadBytesMax)
    const { hash, size, path } = received
    try {
      const { thumbnail, mime, width, height, discard } = await files.examine(received)
      try {
        const id = asUploadId(newId())
        const thumbnailHash = thumbnail?.hash ?? null
        const file = { id, owner, name, mime, size, hash, width, height, thumbnailHash }
        const made = await insert({ ...file, createdAt: now() })
        // The row comes first: what it names is removed by nobody from then on.
        await putOrTakeBack(made, [{ hash, path }, ...(thumbnail === null ? [] : [thumbnail])])
        return made
      } finally {
        await discard()
      }
    } finally {
      await received.discard()
    }
  }

  async function putOrTakeBack(
    made: Upload,
    contents: readonly { readonly hash: ContentHash; readonly path: string }[],
  ): Promise<void> {
    try {
      for (const { hash, path } of contents) await files.put(hash, path)
    } catch (error) {
      const takeBack = removal.remove(function* () {
        return yield* store.uploads.find(made.id)
      })
      // Where this fails as well, nothing shows it, and it goes by and by.
      await Promise.allSettled([takeBack])
      throw error
    }
  }

  /** Waits where the same content is just being removed. Errors: `conflict`, `overloaded`. */
  async function insert(upload: Upload): Promise<Upload> {
    for (let attempt = 1; attempt <= ASK_AGAIN.times; attempt++) {
      const isDone = await store.write(function* () {
        yield* refuseHoarder(upload.owner)
        for (const hash of [upload.hash, upload.thumbnailHash]) {
          if (hash !== null && (yield* store.uploads.isGoing(hash))) {
            return { result: false, events: [] }
          }
        }
        yield* store.uploads.insert(upload)
        return { result: true, events: [] }
      })
      if (isDone) return upload
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN.ms))
    }
    throw new ChatError("overloaded", { detail: "the same file is being removed" })
  }

  /** Else a disk is full of what nobody sees. Errors: `conflict`. */
  function* refuseHoarder(owner: UserNumericId): Script<void> {
    // What came before that is gone, or goes soon.
    const since = now() - LIMITS.looseUploadMs
    if ((yield* store.uploads.looseBytesOf(owner, since)) < LIMITS.looseUploadBytesMax) return
    const detail = `uploads that no message shows may have ${LIMITS.looseUploadBytesMax} bytes together: send some of them, or delete some`
    throw new ChatError("conflict", { detail })
  }

  /** Errors: `upload_not_found`, also for what one may not see. */
  async function openFile(actor: Actor, id: UploadId): Promise<OpenedContent> {
    const upload = await store.read(findReadable(actor, id))
    const { name, hash, mime, size } = upload
    return { name, hash, mime, size, open: (range) => files.read(hash, size, range) }
  }

  /** Its small picture. Errors: `upload_not_found`, also where it has none. */
  async function openThumbnail(actor: Actor, id: UploadId): Promise<OpenedContent> {
    const upload = await store.read(findReadable(actor, id))
    const hash = upload.thumbnailHash
    if (hash === null) {
      throw new ChatError("upload_not_found", { detail: "this upload has no thumbnail" })
    }
    const size = await files.sizeOf(hash)
    const open = (range?: ByteRange) => files.read(hash, size, range)
    const name = `${upload.name.replace(/\.[^.]*$/, "")}.webp`
    return { name, hash, mime: "image/webp", size, open }
  }

  /** One's own; what a user looks like; and what a message shows that one may read. */
  function* findReadable(actor: Actor, id: UploadId): Script<Upload> {
    const upload = yield* store.uploads.find(id)
    if (upload === null) throw new ChatError("upload_not_found")
    if (upload.owner === actor.user.numericId) return upload
    if (yield* store.uploads.isAvatar(upload)) return upload
    for (const room of yield* store.attachments.roomsShowing(id, actor.user.numericId)) {
      if (yield* mayRead(actor, room)) return upload
    }
    throw new ChatError("upload_not_found")
  }

  function* mayRead(actor: Actor, room: RoomId): Script<boolean> {
    try {
      yield* rooms.findReadable(actor, room)
      return true
    } catch (error) {
      // Hidden, or closed to them by a ban.
      if (error instanceof ChatError) return false
      throw error
    }
  }

  /** Errors: `upload_not_found`, also for another's; `conflict`, as long as anything shows it. */
  async function remove(actor: Actor, id: UploadId): Promise<void> {
    await removal.remove(function* () {
      const upload = yield* store.uploads.find(id)
      if (upload === null || upload.owner !== actor.user.numericId) {
        throw new ChatError("upload_not_found")
      }
      if (yield* removal.isInUse(upload)) {
        throw new ChatError("conflict", { detail: "a message or your profile shows it" })
      }
      return upload
    })
  }

  return { upload, openFile, openThumbnail, remove }
}

export type { ByteRange } from "../files"
export type Uploads = ReturnType<typeof createUploads>
