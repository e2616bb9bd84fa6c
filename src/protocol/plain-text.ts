/**
 * Text that `plainText(1, max)` accepts, told without the schema, for the paths that messages
 * take. Code units bound code points: this accepts less than the schema and never more.
 */
export const isPlainText = (it: unknown, unitsMax: number): it is string =>
  typeof it === "string" &&
  it.length > 0 &&
  it.length <= unitsMax &&
  it.isWellFormed() &&
  !it.includes("\0")
