/** Waits for what need not succeed: what it would have kept or told is a nicety. */
export async function quietly(task: Promise<unknown>): Promise<void> {
  try {
    await task
  } catch {
    // Nobody could do anything about it.
  }
}
