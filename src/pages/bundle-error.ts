/** A few name the fault; what follows from it may be hundreds. */
const MESSAGES_MAX = 10

/**
 * What the bundler has against the sources, as an error that can be logged: its own says nothing in
 * its message, and holds objects that go round in circles.
 */
export function bundleError(error: unknown): unknown {
  if (!(error instanceof AggregateError)) return error
  const messages = error.errors.map(describe)
  const further = messages.length - MESSAGES_MAX
  return new Error(
    [
      "the web client cannot be made of its sources",
      ...messages.slice(0, MESSAGES_MAX),
      ...(further > 0 ? [`and ${further} more`] : []),
    ].join("\n"),
  )
}

function describe(error: unknown): string {
  if (!(error instanceof BuildMessage || error instanceof ResolveMessage)) return String(error)
  const { message, position } = error
  if (position === null) return message
  return `${position.file}:${position.line}:${position.column}: ${message}`
}
