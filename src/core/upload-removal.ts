import type { ContentHash, Files } from "../files"
import type { Upload } from "../protocol/entities"
import { asUploadId, type Instant, SYSTEM_NUMERIC_ID } from "../protocol/ids"
import { LIMITS } from "../protocol/limits"
import type { Script } from "../store"
import type { ChatDeps } from "./deps"

interface UploadRemovalDeps extends Pick<ChatDeps, "store" | "now"> {
  readonly files: Files
  readonly inBackground: (task: Promise<unknown>, name: string) => void
}

const SWEEP_MS = 3_600_000

/** Whoever removes a content is done by then, or has died: another one finishes it. */
const UNFINISHED_MS = 600_000

/** What the database says is to be removed from the storage, before the upload goes from it. */
interface Condemned {
  readonly upload: Upload
  readonly contents: readonly ContentHash[]
}

/**
 * How files go: the row first, so that nobody finds it, then what it holds, unless another upload
 * holds the same. In between the row is condemned, and who hands the same content in waits: so
 * nothing is removed that somebody has come to rely on, on whichever node.
 */
export function createUploadRemoval({ store, files, now, inBackground }: UploadRemovalDeps) {
  let timer: Timer | undefined
  let isStopped = false

  /** Whether a message shows it, now or later, or a profile. */
  function* isInUse(upload: Upload): Script<boolean> {
    return (
      (yield* store.uploads.isAttached(upload.id)) ||
      (yield* store.uploads.isAvatar(upload)) ||
      (yield* store.uploads.isScheduled(upload))
    )
  }

  /** `choose` finds what is to go, in the transaction that condemns it; null: nothing is. */
  async function remove(choose: () => Script<Upload | null>): Promise<void> {
    const condemned = await store.write(function* () {
      const upload = yield* choose()
      return { result: upload === null ? null : yield* condemn(upload), events: [] }
    })
    if (condemned !== null) await finish(condemned)
  }

  /** Null: others hold all that it holds, and it is gone already. */
  function* condemn(upload: Upload): Script<Condemned | null> {
    const contents: ContentHash[] = []
    for (const hash of [upload.hash, upload.thumbnailHash]) {
      if (hash === null || (yield* store.uploads.isHeldByOthers(hash, upload.id))) continue
      contents.push(hash)
    }
    if (contents.length > 0) {
      yield* store.uploads.condemn(upload.id, now())
      return { upload, contents }
    }
    yield* store.uploads.remove(upload.id)
    return null
  }

  async function finish({ upload, contents }: Condemned): Promise<void> {
    for (const hash of contents) await files.remove(hash)
    await store.write(function* () {
      yield* store.uploads.remove(upload.id)
      return { result: undefined, events: [] }
    })
  }

  /** Removes what nothing shows for too long, and what is left of removals that broke off. */
  async function sweep(): Promise<void> {
    await files.clearStale(now())
    let place = { createdAt: 0, id: asUploadId("") }
    while (!isStopped) {
      const some = await store.read(store.uploads.page(place, now() - UNFINISHED_MS))
      const last = some.at(-1)
      if (last === undefined) return
      for (const it of some) if (!it.isAttached) await removeIfDue(it, now())
      place = last
    }
  }

  async function removeIfDue(upload: Upload, instant: Instant): Promise<void> {
    if (isStopped) return
    const isCondemned = upload.owner === SYSTEM_NUMERIC_ID
    if (!isCondemned && upload.createdAt >= instant - LIMITS.looseUploadMs) return
    await remove(function* () {
      // Looked at again: it may have been sent meanwhile, or another node may be about it.
      if (isCondemned) return yield* store.uploads.findUnfinished(upload)
      const found = yield* store.uploads.find(upload.id)
      return found === null || (yield* isInUse(found)) ? null : found
    })
  }

  const run = () => inBackground(sweep(), "remove uploads that nothing shows")

  return {
    isInUse,
    remove,
    sweep,
    start(): void {
      run()
      timer = setInterval(run, SWEEP_MS)
      timer.unref()
    },
    /** A step that is under way is finished. */
    stop(): void {
      isStopped = true
      clearInterval(timer)
    },
  }
}

export type UploadRemoval = ReturnType<typeof createUploadRemoval>
