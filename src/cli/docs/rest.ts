import { type Access, type Operation, TAGS, type Tag } from "../../http/openapi/operation"
import { OPERATIONS } from "../../http/openapi/operations"
import { table } from "./markdown"

const INTRO = `# REST

Written by \`bun run docs\` from \`src/http/openapi/\`. Don't edit it here.

Every running server has the whole of it, with parameters, bodies, schemas and examples: as a page
at \`/swagger\` and as OpenAPI 3.1 at \`/swagger/json\`. What is told over the WebSocket is in
[protocol.md](protocol.md), and as AsyncAPI 3 at \`/asyncapi.json\`.

Credentials are the header \`Authorization: Bearer <access token>\`, \`x-api-key\`, or the cookie
\`access_token\`; routes marked _open_ need none, those marked
_internal_ the header \`x-internal-api-key\`. A demo may trust the ids that clients claim instead:
see [operations.md](operations.md#trusted-client-ids). Lists are arrays, the next page's address in
\`Link\`. Refusals are \`application/problem+json\`; the codes are in
[protocol.md](protocol.md#errors). Any route may answer \`invalid_request\` or \`internal\`; any that
needs credentials \`unauthorized\`, \`overloaded\` or, to a foreign page's cookie, \`forbidden\`;
any under \`/api/v1\`, or marked _internal_, \`rate_limited\`; any that takes a body \`payload_too_large\`; any that
writes \`overloaded\`. The tables name what is refused beyond that.
`

/** docs/rest.md: every route on a line. */
export function restPage(): string {
  const entries = Object.entries<Operation>(OPERATIONS)
  const sections = (Object.keys(TAGS) as Tag[]).map((tag) => {
    const rows = entries.filter(([, it]) => it.tag === tag).map(([key, it]) => row(key, it))
    return `## ${tag}\n\n${TAGS[tag]}\n\n${table(["route", "what it does", "answers", "refuses"], rows)}`
  })
  return `${[INTRO, ...sections].join("\n\n")}\n`
}

/** What is said of routes that ask for other credentials, or for none. */
const MARKS: Partial<Record<Access, string>> = { open: "_Open._ ", internal: "_Internal._ " }

function row(key: string, { summary, description, access, success, errors = [] }: Operation) {
  const words = [`${summary}.`, description].filter(Boolean).join(" ")
  return [
    `\`${key.replace(/:(\w+)/g, "{$1}")}\``,
    `${access === undefined ? "" : (MARKS[access] ?? "")}${words}`,
    `${success.status}: ${success.means}`,
    errors.map((code) => `\`${code}\``).join(", "),
  ]
}
