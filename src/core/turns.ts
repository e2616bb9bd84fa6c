import { setImmediate } from "node:timers/promises"

/** Of work that waits for nothing, so much is done while nobody else is heard. */
export const MS_PER_TURN = 4

/** The same, of each of some things in their order: between two of them others have their turns. */
export async function mapInTurns<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Result,
): Promise<Result[]> {
  const results: Result[] = []
  let startedAt = performance.now()
  for (const item of items) {
    if (performance.now() - startedAt >= MS_PER_TURN) {
      await setImmediate()
      startedAt = performance.now()
    }
    results.push(work(item))
  }
  return results
}
