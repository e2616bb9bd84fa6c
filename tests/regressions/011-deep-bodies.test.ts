import { expect, test } from "bun:test"
import { call } from "../support/people"
import { startServer } from "../support/server"

// A schema's refusal wrote the body out again, indented: 60 KB of brackets took seconds.
test.each([
  ["arrays", "[".repeat(100_000) + "]".repeat(100_000)],
  ["objects", `${'{"a":'.repeat(40_000)}1${"}".repeat(40_000)}`],
  ["arrays in a field", `{"username":${"[".repeat(60_000)}${"]".repeat(60_000)}}`],
])(
  "given a body of %s nested without end, it is refused before others have to wait",
  async (_name, body) => {
    const server = await startServer()
    const startedAt = performance.now()

    const response = await fetch(`${server.url}/api/v1/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    })

    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      code: "invalid_request",
      detail: "the body is nested deeper than 36",
    })
    expect(performance.now() - startedAt).toBeLessThan(1_000)
    const plain = { method: "POST", path: "/auth/login", body: { username: "a", password: "b" } }
    expect((await call(server.url, plain)).status).toBe(401)
    await server.stop()
  },
)
