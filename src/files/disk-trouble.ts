import { ChatError } from "../protocol/errors"

/** What a system says of a disk that is full, broken or not ours to write to. It may pass. */
const TROUBLE: ReadonlySet<unknown> = new Set([
  "ENOSPC",
  "EDQUOT",
  "EROFS",
  "EIO",
  "EACCES",
  "EPERM",
  "EMFILE",
  "ENFILE",
])

const isTrouble = (error: unknown): boolean =>
  error instanceof Error && "code" in error && TROUBLE.has(error.code)

/**
 * Work on the disk. What a full one refuses may be tried again later.
 * Errors: `overloaded`, which is told to `onTrouble` with its cause; those of the work.
 */
export const createOnDisk =
  (onTrouble: (error: unknown) => void) =>
  async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      if (!isTrouble(error)) throw error
      onTrouble(error)
      throw new ChatError("overloaded", { detail: "no file can be stored just now", cause: error })
    }
  }
