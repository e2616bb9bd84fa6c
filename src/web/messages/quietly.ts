/** For what is only nice to have: names, and who has seen what. Without it all else works. */
export function quietly(task: Promise<unknown>): void {
  task.catch(() => undefined)
}
