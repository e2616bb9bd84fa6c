import { expect, test } from "bun:test"
import { withMessage } from "../../../src/web/room/pinned"

const message = (id: string, more: { pinned?: boolean; deleted_at?: string } = {}) => ({
  id,
  pinned: more.pinned ?? true,
  deleted_at: more.deleted_at ?? null,
})

test("the list of pins follows what is pinned, changed, taken down and deleted", () => {
  const [a, b] = [message("a"), message("b")]

  const both = withMessage(withMessage([], a), b)
  expect(both).toEqual([b, a])

  const changed = { ...a }
  expect(withMessage(both, changed)[1]).toBe(changed)
  expect(withMessage(both, message("a", { pinned: false }))).toEqual([b])
  expect(withMessage(both, message("b", { deleted_at: "2026-01-01" }))).toEqual([a])
  expect(withMessage(both, message("c", { pinned: false }))).toBe(both)
})
