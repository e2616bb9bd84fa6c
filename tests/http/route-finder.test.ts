import { describe, expect, test } from "bun:test"
import { createRouteFinder } from "../../src/http/route-finder"

const finder = createRouteFinder(
  [
    ["GET", "/"],
    ["GET", "/health"],
    ["GET", "/users/me"],
    ["GET", "/users/:id"],
    ["DELETE", "/users/:id"],
    ["PUT", "/users/:id/block"],
    ["GET", "/rooms/:id/members"],
    ["PUT", "/rooms/:id/members/:user"],
    ["GET", "/assets/*"],
    ["POST", "/invites/"],
  ].map(([method = "", path = ""]) => ({ method, path })),
)

describe("which route an address is of", () => {
  test.each([
    ["GET", "/", "/"],
    ["GET", "/health", "/health"],
    ["GET", "/health/", "/health"],
    ["HEAD", "/health", "/health"],
    ["POST", "/health", "/health"],
    ["GET", "/users/me", "/users/me"],
    ["DELETE", "/users/me", "/users/:id"],
    ["GET", "/users/anybody", "/users/:id"],
    ["PUT", "/users/me/block", "/users/:id/block"],
    ["PUT", "/rooms/members/members/members", "/rooms/:id/members/:user"],
    ["GET", "/assets/a/b.js", "/assets/*"],
    ["POST", "/invites", "/invites"],
    ["GET", "/assets", "none"],
    ["GET", "/users", "none"],
    ["GET", "/users//block", "none"],
    ["GET", "/users/a/b/c", "none"],
    ["GET", "/*", "none"],
    ["GET", "/__proto__", "none"],
    ["GET", "", "/"],
  ])("%s %p is of %p", (method, path, pattern) => {
    expect(finder.patternOf(path, method)).toBe(pattern)
  })

  test("an address has the methods of all routes that it may be of", () => {
    expect([...finder.methodsOf("/users/me")].sort()).toEqual(["DELETE", "GET"])
    expect(finder.methodsOf("/nowhere")).toEqual([])
  })
})
