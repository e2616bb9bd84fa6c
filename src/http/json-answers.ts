import { Elysia } from "elysia"
import { JSON_HEADERS } from "./security-headers"

/**
 * Plain answers with all their headers at once: adding those to what Elysia makes of a value
 * takes longer than making it. What has headers or a status of its own is left to Elysia.
 */
export function jsonAnswers() {
  return new Elysia({ name: "json-answers" }).mapResponse(
    { as: "global" },
    ({ responseValue, set }) => {
      if (set.status !== 200 || !isPlain(responseValue)) return undefined
      for (const _name in set.headers) return undefined
      return new Response(JSON.stringify(responseValue), { headers: JSON_HEADERS })
    },
  )
}

function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false
  return value.constructor === Object || value.constructor === Array
}
