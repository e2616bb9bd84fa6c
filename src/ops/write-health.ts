import { SQLiteError } from "bun:sqlite"

/**
 * Whether what is written is stored, told by the writes that happen anyway: a probe that wrote
 * something itself would cost the disk an fsync each time somebody asks.
 */
export function createWriteHealth() {
  let hasFailed = false
  let isStuck = false

  return {
    /** Something went wrong on the way to the disk, or later: only the database's own counts. */
    failed(error: unknown): void {
      if (error instanceof SQLiteError) hasFailed = true
    },
    /** A batch has ended, after its failures were told. */
    batchEnded(): void {
      isStuck = hasFailed
      hasFailed = false
    },
    /** The last batch was refused by the disk, and none has been stored since. */
    isStuck: (): boolean => isStuck,
  }
}

export type WriteHealth = ReturnType<typeof createWriteHealth>
