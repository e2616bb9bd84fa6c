import { rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createDiskStorage, createFiles, type Files, incomingFolder } from "../../src/files"

/** Files in a folder of their own, which is there from the first one on. */
export interface TestFiles {
  readonly files: Files
  readonly folder: string
  remove(): void
}

export function openFiles(): TestFiles {
  const folder = join(tmpdir(), `parley-files-${Bun.randomUUIDv7()}`)
  return {
    files: createFiles({ folder: incomingFolder(folder), storage: createDiskStorage(folder) }),
    folder,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
