import { expect, test } from "bun:test"
import { startServer } from "../support/server"

// Names of media types ignore case; some clients write them so.
test.each([
  ["Application/JSON", 401],
  ["APPLICATION/JSON; charset=UTF-8", 401],
  ["application/json ;charset=utf-8", 401],
  ["application/jsonp", 400],
  ["Text/Plain", 400],
])("a body of Content-Type %s is answered %i", async (contentType, status) => {
  const server = await startServer()
  try {
    const response = await fetch(`${server.url}/api/v1/auth/login`, {
      method: "POST",
      headers: { "content-type": contentType },
      body: JSON.stringify({ username: "nobody", password: "wrong password" }),
    })

    expect(response.status).toBe(status)
  } finally {
    await server.stop()
  }
})
