import { createHash, randomUUID } from "node:crypto"
import { mkdir, open, readdir, rm, stat } from "node:fs/promises"
import { join } from "node:path"
import { ChatError } from "../protocol/errors"
import type { ContentHash } from "./storage"

/** A file that has come in whole, and is nobody's yet. */
export interface Received {
  readonly path: string
  /** Bytes. */
  readonly size: number
  readonly hash: ContentHash
  /** What it begins with: as much as kinds of files are told by. */
  readonly head: Uint8Array
  /** Whether all of it is UTF-8 without control characters that no text has. */
  readonly isText: boolean
  /** Takes it off the disk; not what was made of it. */
  discard(): Promise<void>
}

const HEAD_BYTES = 64 * 1024

/** No upload goes on for so long without a byte: what is older was left by one that broke off. */
const STALE_MS = 3_600_000

/** Writes what comes in to files of its own, chunk by chunk, and learns about it on the way. */
export function createIncoming(folder: string) {
  /**
   * Ends when the content does, and leaves nothing behind where that fails.
   * `bytesMax` 0: any number. Errors: `payload_too_large`, and those of the content.
   */
  async function receive(content: AsyncIterable<Uint8Array>, bytesMax: number): Promise<Received> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const path = join(folder, randomUUID())
    const discard = () => rm(path, { force: true })
    try {
      return { path, discard, ...(await write(content, path, bytesMax)) }
    } catch (error) {
      await discard()
      throw error
    }
  }

  /** What earlier runs left, and what broke off in a way that nobody saw. */
  async function clearStale(now: number): Promise<void> {
    // Nothing has come in yet where there is no folder.
    const names = await readdir(folder).catch(() => [])
    for (const name of names) {
      const path = join(folder, name)
      const found = await stat(path).catch(() => null)
      // Other servers may have the folder, too, and something on its way in.
      if (found !== null && found.mtimeMs < now - STALE_MS) await rm(path, { force: true })
    }
  }

  return { receive, clearStale }
}

async function write(content: AsyncIterable<Uint8Array>, path: string, bytesMax: number) {
  const hash = createHash("sha256")
  const text = createTextCheck()
  const head: Uint8Array[] = []
  let size = 0
  const handle = await open(path, "wx", 0o600)
  try {
    for await (const chunk of content) {
      if (size < HEAD_BYTES) head.push(chunk.slice(0, HEAD_BYTES - size))
      size += chunk.length
      if (bytesMax > 0 && size > bytesMax) throw tooLarge(bytesMax)
      hash.update(chunk)
      text.look(chunk)
      // Waiting for the disk makes whoever sends wait.
      await handle.writeFile(chunk)
    }
  } finally {
    await handle.close()
  }
  return { size, hash: hash.digest("hex"), head: Buffer.concat(head), isText: text.isText() }
}

export const tooLarge = (bytesMax: number) =>
  new ChatError("payload_too_large", { detail: `a file may have ${bytesMax} bytes` })

/** Control characters other than tab, line feed, form feed and carriage return: no text has them. */
const CONTROLS = /[^\P{Cc}\t\n\f\r]/u

function createTextCheck() {
  const decoder = new TextDecoder("utf-8", { fatal: true })
  let isText = true
  function look(chunk?: Uint8Array): void {
    if (!isText) return
    try {
      const text = chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true })
      isText = !CONTROLS.test(text)
    } catch {
      // Not UTF-8. That is an answer, and no failure.
      isText = false
    }
  }
  return {
    look,
    isText(): boolean {
      look()
      return isText
    },
  }
}
