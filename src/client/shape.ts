/** Whether a value has what this version needs of it: a server may be newer, or not a server at all. */
export type Shape<T> = (value: unknown) => value is T

/**
 * What has these fields. Types say the rest: the server holds itself to the schemas that they are
 * made of, and to have them here would make the SDK several times as large.
 */
export function having<T>(...fields: readonly (keyof T & string)[]): Shape<T> {
  return (value): value is T => isObject(value) && fields.every((field) => field in value)
}

export const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null

export function listOf<T>(shape: Shape<T>): Shape<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.every(shape)
}
