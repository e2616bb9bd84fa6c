/**
 * Whether what is written is stored, told by the writes that happen anyway: a probe that wrote
 * something itself would cost the disk an fsync each time somebody asks.
 */
export function createWriteHealth() {
  let isStuck = false

  return {
    /** The file is in trouble. */
    failed(): void {
      isStuck = true
    },
    /** A batch was stored. */
    stored(): void {
      isStuck = false
    },
    /** The database has failed, and nothing has been stored since. */
    isStuck: (): boolean => isStuck,
  }
}

export type WriteHealth = ReturnType<typeof createWriteHealth>
