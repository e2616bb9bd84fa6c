/** A promise that somebody else settles. (`Promise.withResolvers` is too young for some.) */
export interface Deferred<T> {
  readonly promise: Promise<T>
  resolve(value: T): void
  reject(error: unknown): void
}

export function createDeferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => undefined
  let reject: (error: unknown) => void = () => undefined
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue
    reject = onError
  })
  // Not everybody waits for it; who does is still told.
  promise.catch(() => undefined)
  return { promise, resolve, reject }
}
