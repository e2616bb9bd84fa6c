import { spawnSync } from "node:child_process"
import { rmSync, writeFileSync } from "node:fs"
import { createScratch, type Scratch } from "./scratch"

/** A disk of its own, so small that a test can fill it. */
export interface SmallDisk {
  readonly folder: string
  path(name: string): string
  /** Takes all the space that is left. */
  fill(): void
  /** Gives it back. */
  relieve(): void
  /** From here on nobody may write. While somebody has a file open for writing the system refuses. */
  makeReadOnly(): void
  remove(): void
}

const run = (program: string, ...args: readonly string[]) =>
  spawnSync(program, [...args], { encoding: "utf8" })

function mount(scratch: Scratch, options: string): boolean {
  return run("mount", "-t", "tmpfs", "-o", options, "tmpfs", scratch.folder).status === 0
}

export function createSmallDisk(bytes: number): SmallDisk {
  const scratch = createScratch()
  if (!mount(scratch, `size=${bytes}`)) throw new Error("this machine lets nobody mount a disk")
  const ballast = scratch.path("ballast")
  return {
    folder: scratch.folder,
    path: scratch.path,
    fill() {
      // Ever smaller pieces: what is refused whole may have been written in part.
      for (const size of [65_536, 4_096, 1]) {
        try {
          for (;;) writeFileSync(ballast, Buffer.alloc(size), { flag: "a" })
        } catch {
          // Full, for a piece of this size.
        }
      }
    },
    relieve: () => rmSync(ballast, { force: true }),
    makeReadOnly() {
      const { status, stderr } = run("mount", "-o", "remount,ro", scratch.folder)
      if (status !== 0) throw new Error(`the disk could not be made read-only: ${stderr}`)
    },
    remove() {
      run("umount", scratch.folder)
      scratch.remove()
    },
  }
}

/**
 * Whether a disk can be mounted here, which takes rights that tests need not have. Where it
 * cannot, what is tested with one is left out, and that is said.
 */
export function canMountDisks(): boolean {
  const scratch = createScratch()
  const isMounted = mount(scratch, "size=64k")
  if (isMounted) run("umount", scratch.folder)
  scratch.remove()
  if (!isMounted) say("no disk can be mounted: tests with a disk that is really full")
  return isMounted
}

/**
 * Files of a process may not grow beyond so many bytes; null: without end, as before. To SQLite
 * that is an I/O error when it writes its log.
 */
export function limitFileSize(pid: number, bytes: number | null): void {
  const limit = bytes === null ? "unlimited" : String(bytes)
  const { status, stderr } = run("prlimit", "--pid", String(pid), `--fsize=${limit}:`)
  if (status !== 0) throw new Error(`the limit could not be set: ${stderr}`)
}

export function canLimitFileSize(): boolean {
  const isPossible = run("prlimit", "--fsize=1024:", "true").status === 0
  if (!isPossible) say("there is no prlimit: tests with a disk that fails to write")
  return isPossible
}

const say = (what: string) => console.warn(`SKIPPED, because ${what}`)
