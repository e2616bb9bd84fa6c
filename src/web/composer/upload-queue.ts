import { type ReadonlySignal, signal } from "@preact/signals"
import type { Api } from "../../client/api"
import { ParleyError } from "../../client/error"
import { dueUploads, filesMax, nextUploads, type Upload, type UploadEvent } from "./uploads"

interface UploadQueueDeps {
  readonly api: Pick<Api["uploads"], "create" | "remove">
  /** Bytes; 0: any number. */
  readonly fileBytesMax: () => number
}

/** Files are refused before they are sent. */
export class FileTooLarge extends Error {
  override readonly name = "FileTooLarge"
  constructor(readonly bytesMax: number) {
    super(`larger than ${bytesMax} bytes`)
  }
}

export interface UploadQueue {
  readonly uploads: ReadonlySignal<readonly Upload[]>
  /** How many did not fit beside the others; they are not taken. */
  add(files: readonly File[]): number
  retry(id: number): void
  /** Stops it if it is on its way, and takes it back from the server if it is there. */
  remove(id: number): void
  /** They are in a message now: forgets them, and leaves them where they are. */
  clear(): void
  /** Stops what is on its way. */
  stop(): void
}

/** Brings files to the server, two at a time, so that a message can show them. */
export function createUploadQueue({ api, fileBytesMax }: UploadQueueDeps): UploadQueue {
  const uploads = signal<readonly Upload[]>([])
  const going = new Map<number, AbortController>()
  let lastId = 0

  const tell = (event: UploadEvent) => {
    uploads.value = nextUploads(uploads.value, event)
  }
  const begin = async ({ id, file }: Upload) => {
    const controller = new AbortController()
    going.set(id, controller)
    tell({ type: "began", id })
    try {
      const uploaded = await api.create(file, {
        name: file.name,
        signal: controller.signal,
        onProgress: (share) => tell({ type: "went", id, share }),
      })
      tell({ type: "done", id, uploaded })
    } catch (error) {
      const isRetryable = !(error instanceof ParleyError) || error.isRetryable
      tell({ type: "failed", id, error, isRetryable })
    } finally {
      going.delete(id)
      beginDue()
    }
  }
  const beginDue = () => {
    for (const upload of dueUploads(uploads.value)) void begin(upload)
  }
  const fail = ({ id, file }: Upload) => {
    const bytesMax = fileBytesMax()
    if (bytesMax === 0 || file.size <= bytesMax) return
    tell({ type: "failed", id, error: new FileTooLarge(bytesMax), isRetryable: false })
  }

  return {
    uploads,
    add(files) {
      const taken = files.slice(0, Math.max(0, filesMax - uploads.value.length))
      tell({ type: "added", files: taken.map((file) => ({ id: ++lastId, file })) })
      for (const upload of uploads.value) if (upload.state.type === "waiting") fail(upload)
      beginDue()
      return files.length - taken.length
    },
    retry(id) {
      tell({ type: "retried", id })
      beginDue()
    },
    remove(id) {
      const upload = uploads.value.find((it) => it.id === id)
      tell({ type: "removed", id })
      going.get(id)?.abort()
      // If it can't be taken back, the server forgets it by itself after a day.
      if (upload?.state.type === "done") {
        void api.remove(upload.state.uploaded.id).catch(() => undefined)
      }
      beginDue()
    },
    clear: () => tell({ type: "cleared" }),
    stop() {
      for (const controller of going.values()) controller.abort()
    },
  }
}
