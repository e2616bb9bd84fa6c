/**
 * The answer, saying that the connection ends where the client asked for that. Bun closes it then
 * without a word, and node's HTTP client would send its next request into the closed one
 * ("socket hang up"). Source: RFC 9112, section 9.6.
 */
export function closingIfAsked<Answer extends Response | undefined>(
  request: Request,
  response: Answer,
): Answer {
  if (response !== undefined && isClosing(request)) response.headers.set("connection", "close")
  return response
}

const isClosing = (request: Request) =>
  request.headers.get("connection")?.toLowerCase().includes("close") ?? false
