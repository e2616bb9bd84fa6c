import { type Place, placeKey } from "./compose-state"
import { createOfClient } from "./of-client"
import { limitsOf } from "./server-limits"
import { createUploadQueue, type UploadQueue } from "./upload-queue"

/** The files of each place that is written in: they stay while one looks elsewhere. */
const queuesOf = createOfClient((client) => {
  const queues = new Map<string, UploadQueue>()
  const limits = limitsOf(client)
  return (place: Place): UploadQueue => {
    const key = placeKey(place)
    const known = queues.get(key)
    if (known !== undefined) return known
    for (const [other, { uploads }] of queues) {
      if (uploads.value.length === 0) queues.delete(other)
    }
    const queue = createUploadQueue({
      api: client.api.uploads,
      fileBytesMax: () => limits.value.max_upload_bytes,
    })
    queues.set(key, queue)
    return queue
  }
})

export const queueFor = (client: Parameters<typeof queuesOf>[0], place: Place): UploadQueue =>
  queuesOf(client)(place)
