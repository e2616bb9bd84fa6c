/** One task for later. Put off it is not: who asks again meanwhile gets the time that was set. */
export function createTimer(task: () => void) {
  let timer: ReturnType<typeof setTimeout> | null = null

  return {
    get isSet() {
      return timer !== null
    },
    start(milliseconds: number): void {
      timer ??= setTimeout(() => {
        timer = null
        task()
      }, milliseconds)
    },
    stop(): void {
      if (timer !== null) clearTimeout(timer)
      timer = null
    },
  }
}
