import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { mkdirSync } from "node:fs"
import { createDiskStorage, createFiles, type Files, incomingFolder } from "../../src/files"
import { codeOf } from "../support/chat"
import { canMountDisks, createSmallDisk, type SmallDisk } from "../support/disk"
import { filesIn } from "../support/uploads"

const KIB = 1024

async function* chunks(bytes: number): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < bytes; sent += 64 * KIB) yield new Uint8Array(64 * KIB)
}

describe.skipIf(!canMountDisks())("given the disk of the files is full", () => {
  let disk: SmallDisk
  let files: Files
  let troubles: unknown[]
  let folder: string

  beforeEach(() => {
    disk = createSmallDisk(1024 * KIB)
    folder = disk.path("uploads")
    mkdirSync(folder)
    troubles = []
    files = createFiles({
      folder: incomingFolder(folder),
      storage: createDiskStorage(folder),
      onTrouble: (error) => troubles.push(error),
    })
  })
  afterEach(() => disk.remove())

  test("then one that comes in is overloaded and leaves nothing; when there is space, it is taken", async () => {
    expect(await codeOf(files.receive(chunks(4096 * KIB), 0))).toBe("overloaded")
    expect(filesIn(folder)).toEqual([])
    expect(troubles).toEqual([expect.objectContaining({ code: "ENOSPC" })])

    const received = await files.receive(chunks(256 * KIB), 0)
    await files.put(received.hash, received.path)
    expect(await files.has(received.hash)).toBe(true)
  })
})
