import { expect, test } from "bun:test"
import { createWriteHealth } from "../../src/ops/write-health"

test("writing works until the file is in trouble, and again once a batch was stored", () => {
  const health = createWriteHealth()
  const seen = [health.isStuck()]
  health.failed()
  seen.push(health.isStuck())
  health.failed()
  seen.push(health.isStuck())
  health.stored()
  seen.push(health.isStuck())

  expect(seen).toEqual([false, true, true, false])
})
