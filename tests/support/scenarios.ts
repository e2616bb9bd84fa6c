import { expect, test } from "bun:test"
import { ERRORS, type ErrorCode } from "../../src/protocol/errors"
import type { House } from "./house"
import { type Answer, call, type Person } from "./people"

/** One refusal of one endpoint: who asks what, and what the answer is. */
export interface Refusal {
  readonly name: string
  /** Undefined: a stranger without credentials. */
  readonly by?: (() => Person) | undefined
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"
  readonly path: string | (() => string)
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly code: ErrorCode
  /** The fields that the answer names. */
  readonly wrong?: readonly string[]
}

/** One test for each refusal, each of which also shows that nothing was stored. */
export function refusals(house: () => House, table: readonly Refusal[]): void {
  test.each([...table])("$method: $name → $code", async (refusal) => {
    const before = house().everything()

    const answer = await ask(house(), refusal)

    expectProblem(answer, refusal.code, refusal.wrong)
    expect(house().everything()).toEqual(before)
  })
}

function ask(house: House, { by, method, path, body, headers }: Refusal): Promise<Answer> {
  const authorization = by === undefined ? {} : { authorization: `Bearer ${by().token}` }
  return call(house.url, {
    method,
    path: typeof path === "string" ? path : path(),
    body,
    headers: { ...authorization, ...headers },
  })
}

/** A whole problem document of this code, and nothing of the server's inside in it. */
export function expectProblem(
  answer: Answer,
  code: ErrorCode,
  wrong: readonly string[] | undefined = undefined,
): void {
  const { status, title } = ERRORS[code]
  expect([answer.status, answer.body?.code]).toEqual([status, code])
  expect(answer.headers.get("content-type")).toBe("application/problem+json")
  const { detail, errors, request_id: requestId, ...rest } = answer.body
  // A failure of ours is found in the log by its request; nothing else needs to be.
  expect(requestId).toBe(code === "internal" ? answer.headers.get("x-request-id") : undefined)
  expect(rest).toEqual({ type: `urn:parley:error:${code}`, title, status, code })
  expect(detail).toBeString()
  expect(detail).not.toMatch(/select |insert |sqlite|\.ts:|at \w+ \(/i)
  if (wrong !== undefined) {
    expect(errors.map((it: { path: string }) => it.path).sort()).toEqual([...wrong].sort())
  }
  for (const problem of errors ?? []) {
    expect(Object.keys(problem).sort()).toEqual(["message", "path"])
  }
}
