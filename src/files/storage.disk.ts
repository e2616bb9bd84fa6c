import { constants } from "node:fs"
import { chmod, copyFile, link, mkdir, open, rename, rm, stat } from "node:fs/promises"
import { dirname, join } from "node:path"
import type { ContentHash, Storage } from "./storage"

/**
 * Keeps contents as files: `ab/cd/abcd…`, for the owner's eyes only. A name appears with all that
 * it is to hold, and not before it is on the disk.
 */
export function createDiskStorage(folder: string): Storage {
  const pathOf = (hash: ContentHash) => join(folder, hash.slice(0, 2), hash.slice(2, 4), hash)
  const fileOf = (hash: ContentHash) => Bun.file(pathOf(hash))

  return {
    async put(hash, from) {
      const path = pathOf(hash)
      const place = dirname(path)
      await mkdir(place, { recursive: true, mode: 0o700 })
      if (!(await fileOf(hash).exists())) {
        await chmod(from, 0o600)
        await sync(from)
        await linkOrCopy(from, path)
      }
      // Also where another has put it there just now, whose own look at the disk may be to come.
      for (const it of [place, dirname(place), folder]) await sync(it)
    },
    async read(hash, size, { first, last } = { first: 0, last: size - 1 }) {
      const file = fileOf(hash)
      if (!(await file.exists())) throw new Error(`the content ${hash} is not on the disk`)
      return file.slice(first, last + 1)
    },
    async sizeOf(hash) {
      return (await stat(pathOf(hash))).size
    },
    has: (hash) => fileOf(hash).exists(),
    remove: (hash) => rm(pathOf(hash), { force: true }),
  }
}

/** A second name for the same file. The first one who comes has it there, whole, in one step. */
async function linkOrCopy(from: string, path: string): Promise<void> {
  try {
    await link(from, path)
  } catch (error) {
    const code = codeOf(error)
    if (code === "EEXIST") return
    // Some shared file systems have no second names.
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "EXDEV") throw error
    await copyWhole(from, path)
  }
}

async function copyWhole(from: string, path: string): Promise<void> {
  const beside = `${path}.${Bun.randomUUIDv7()}`
  await copyFile(from, beside, constants.COPYFILE_EXCL)
  await sync(beside)
  await rename(beside, path)
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && "code" in error ? error.code : undefined

/** Of a folder: the names in it. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, "r")
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
