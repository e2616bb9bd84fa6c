/** Ends an exhaustive switch: a variant that nobody handles fails to compile here. */
export function assertNever(value: never): never {
  throw new TypeError(`unhandled variant ${JSON.stringify(value)}`)
}
