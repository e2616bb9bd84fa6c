const LOOK_EVERY_MS = 5

/** Waits for what no frame tells. Rejects with the words when it has not come in time. */
export async function waitUntil(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  withinMs = 10_000,
): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`it did not come about that ${what}`)
    await Bun.sleep(LOOK_EVERY_MS)
  }
}
