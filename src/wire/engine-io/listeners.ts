/** Takes what an event carries. The official server's listeners are such functions. */
export type Listener = (...args: never[]) => unknown

/**
 * Who listens to what on one emitter: three listeners for as long as a connection lives. Pairs in
 * one array, made at the first: `node:events` keeps two objects and a count for each emitter.
 */
export class Listeners {
  private pairs: (string | Listener)[] | null = null

  add(event: string, listener: Listener): void {
    this.pairs ??= []
    this.pairs.push(event, listener)
  }

  remove(event: string, listener: Listener): void {
    const { pairs } = this
    if (pairs === null) return
    for (let at = pairs.length - 2; at >= 0; at -= 2) {
      if (pairs[at] !== event || originOf(pairs[at + 1]) !== listener) continue
      // A new array: who is being called right now goes through the old one.
      this.pairs = pairs.toSpliced(at, 2)
      return
    }
  }

  addOnce(event: string, listener: Listener): void {
    const once: OnceListener = Object.assign(
      (...args: never[]) => {
        this.remove(event, listener)
        return listener(...args)
      },
      { origin: listener },
    )
    this.add(event, once)
  }

  clear(): void {
    this.pairs = null
  }

  has(event: string): boolean {
    return this.pairs?.includes(event) ?? false
  }

  /**
   * Calls all that listen. One that throws is reported and keeps nobody else from hearing.
   * False: nobody listens.
   */
  emit(event: string, args: readonly unknown[], report: (err: unknown) => void): boolean {
    const { pairs } = this
    if (pairs === null) return false
    let isHeard = false
    const { length } = pairs
    for (let at = 0; at < length; at += 2) {
      const listener = pairs[at + 1]
      if (pairs[at] !== event || typeof listener !== "function") continue
      isHeard = true
      try {
        // Who adds a listener knows what the event carries.
        listener(...(args as never[]))
      } catch (err) {
        report(err)
      }
    }
    return isHeard
  }
}

type OnceListener = Listener & { readonly origin: Listener }

const originOf = (it: string | Listener | undefined) =>
  typeof it === "function" && "origin" in it ? it.origin : it
