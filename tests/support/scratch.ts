import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { dropStandIns } from "./stand-ins"

/** A folder for files of one test. */
export interface Scratch {
  readonly folder: string
  path(name: string): string
  remove(): void
}

export function createScratch(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), "parley-"))
  return {
    folder,
    path: (name) => join(folder, name),
    remove() {
      dropStandIns(folder)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
