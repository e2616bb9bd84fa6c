/** Headers of an answer, by name, in words. Those of HTTP itself that count something are numbers. */
export const describeHeaders = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [
      name,
      { description, schema: { type: name === "Retry-After" ? "integer" : "string" } },
    ]),
  )
