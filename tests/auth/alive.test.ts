import { expect, test } from "bun:test"
import { createAlive } from "../../src/auth/alive"
import type { User } from "../../src/protocol/entities"
import { asUserId, asUserNumericId } from "../../src/protocol/ids"

const ann: User = {
  id: asUserId("ann"),
  numericId: asUserNumericId(1),
  username: "ann",
  displayName: null,
  avatarUrl: null,
  email: null,
  role: "user",
  createdAt: 0,
  lastSeenAt: null,
  disabledAt: null,
}

test("a session that ends while it is looked up is looked up again", async () => {
  const answers: ((user: User | null) => void)[] = []
  const find = () => new Promise<User | null>((resolve) => answers.push(resolve))
  const alive = createAlive<string>({ find, now: () => 0 })

  const first = alive.lookUp("session")
  alive.forget("session")
  answers[0]?.(ann)
  expect(await first).toEqual(ann)
  const second = alive.lookUp("session")
  answers[1]?.(null)

  expect(await second).toBeNull()
})
