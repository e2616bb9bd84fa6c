import { describe, expect, test } from "bun:test"
import { ChatError, ERROR_CODES, ERRORS } from "../../src/protocol/errors"

describe("errors", () => {
  test("the codes and their statuses are stable for ever: one that is missing here is a promise broken", () => {
    expect(
      Object.fromEntries(Object.entries(ERRORS).map(([code, { status }]) => [code, status])),
    ).toMatchObject({
      invalid_request: 400,
      unauthorized: 401,
      forbidden: 403,
      banned: 403,
      muted: 403,
      not_found: 404,
      room_not_found: 404,
      message_not_found: 404,
      user_not_found: 404,
      invite_not_found: 404,
      upload_not_found: 404,
      method_not_allowed: 405,
      conflict: 409,
      room_full: 409,
      room_limit: 409,
      payload_too_large: 413,
      rate_limited: 429,
      internal: 500,
      overloaded: 503,
    })
  })

  test("only what may pass by itself is worth trying again", () => {
    expect(ERROR_CODES.filter((code) => ERRORS[code].retryable)).toEqual([
      "room_full",
      "rate_limited",
      "internal",
      "overloaded",
    ])
  })

  test("say what is wrong: the detail, else the first field, else the title", () => {
    const problems = [
      { path: "name", message: "is missing" },
      { path: "", message: "x" },
    ]
    expect(new ChatError("conflict", { detail: "so", problems }).message).toBe("so")
    expect(new ChatError("conflict", { problems }).message).toBe("name: is missing")
    expect(new ChatError("conflict", { problems: problems.slice(1) }).message).toBe("x")
    expect(new ChatError("conflict").message).toBe(ERRORS.conflict.title)
  })

  test("keep their cause", () => {
    const cause = new Error("the disk is full")
    expect(new ChatError("overloaded", { cause }).cause).toBe(cause)
  })
})
