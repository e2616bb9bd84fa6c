import { S3Client } from "bun"
import { ChatError } from "../protocol/errors"
import type { ContentHash, Storage } from "./storage"

export interface S3Settings {
  /** Null: that of Amazon in the region. */
  readonly endpoint: string | null
  readonly region: string
  readonly bucket: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** What all names begin with. */
  readonly prefix: string
}

/**
 * Keeps contents as objects of a bucket, which all nodes share. Requests are repeated by Bun's
 * client; what fails all the same is `overloaded`, and told to `onTrouble`.
 */
export function createS3Storage(
  { endpoint, prefix, ...settings }: S3Settings,
  onTrouble: (error: unknown) => void,
): Storage {
  const client = new S3Client({ ...settings, ...(endpoint === null ? {} : { endpoint }) })
  const nameOf = (hash: ContentHash) => prefix + hash

  async function ask<T>(task: Promise<T>): Promise<T> {
    try {
      return await task
    } catch (cause) {
      onTrouble(cause)
      throw new ChatError("overloaded", { detail: "the storage of files does not answer", cause })
    }
  }

  const has = (hash: ContentHash) => ask(client.exists(nameOf(hash)))

  return {
    async put(hash, from) {
      if (await has(hash)) return
      // In parts where it is large: no more of it than a few are in memory.
      const type = "application/octet-stream"
      await ask(client.write(nameOf(hash), Bun.file(from), { type }))
    },
    async read(hash, size, range) {
      if (!(await has(hash))) throw new Error(`the content ${hash} is not in the bucket`)
      const file = client.file(nameOf(hash))
      if (size === 0) return new Blob([])
      // A stream and not the file itself, of which Bun would make a redirect to the bucket.
      return (range === undefined ? file : file.slice(range.first, range.last + 1)).stream()
    },
    has,
    async sizeOf(hash) {
      return (await ask(client.stat(nameOf(hash)))).size
    },
    async remove(hash) {
      await ask(client.delete(nameOf(hash)))
    },
  }
}
