/**
 * What a browser has beyond Node and Bun. Described here by the few things that are used of it, so
 * that the SDK compiles, and works, without.
 */
export interface Surroundings {
  /** Undefined where nobody says. */
  isOnline(): boolean | undefined
  onOnline(listener: () => void): () => void
  onOffline(listener: () => void): () => void
  /** The page is looked at again, perhaps after the machine has slept. */
  onVisible(listener: () => void): () => void
}

interface Target {
  addEventListener(type: string, listener: () => void): void
  removeEventListener(type: string, listener: () => void): void
}

/** As much of the global scope as may be there. */
interface Scope {
  readonly navigator?: { readonly onLine?: boolean; readonly userAgent?: string }
  readonly location?: { readonly origin: string }
  readonly document?: Target & { readonly visibilityState: string }
  readonly addEventListener?: unknown
  readonly removeEventListener?: unknown
}

const isTarget = (scope: Scope): scope is Scope & Target =>
  typeof scope.addEventListener === "function" && typeof scope.removeEventListener === "function"

function listen(target: Target, type: string, listener: () => void): () => void {
  target.addEventListener(type, listener)
  return () => target.removeEventListener(type, listener)
}

const nothingToHear = () => () => undefined

export function readSurroundings(scope: Scope = globalThis): Surroundings {
  const { document } = scope
  const onScope = (type: string) => (listener: () => void) =>
    isTarget(scope) ? listen(scope, type, listener) : nothingToHear()
  return {
    isOnline: () => scope.navigator?.onLine,
    onOnline: onScope("online"),
    onOffline: onScope("offline"),
    onVisible: (listener) =>
      document === undefined
        ? nothingToHear()
        : listen(document, "visibilitychange", () => {
            if (document.visibilityState === "visible") listener()
          }),
  }
}

/** Where this page came from; undefined where there is no page, or none of a server. */
export function pageOrigin(scope: Scope = globalThis): string | undefined {
  const origin = scope.location?.origin
  return origin?.startsWith("http") ? origin : undefined
}
