import { expect, test } from "bun:test"
import { isErrorCode, isRetryable } from "../../src/client/error-codes"
import { LIMITS } from "../../src/client/limits"
import { ERROR_CODES, ERRORS } from "../../src/protocol/errors"
import { LIMITS as SERVER_LIMITS } from "../../src/protocol/limits"

test("the limits that a client minds are the server's", () => {
  expect(SERVER_LIMITS).toMatchObject(LIMITS)
})

test("a client knows every code of the server's, and which may pass", () => {
  expect(ERROR_CODES.filter((code) => !isErrorCode(code))).toEqual([])
  expect(ERROR_CODES.filter(isRetryable)).toEqual(
    ERROR_CODES.filter((code) => ERRORS[code].retryable),
  )
  expect(["offline", "toString"].filter(isErrorCode)).toEqual([])
})
