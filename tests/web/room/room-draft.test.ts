import { describe, expect, test } from "bun:test"
import { changeOf, draftOf, problemsOf } from "../../../src/web/room/room-draft"

const room = {
  name: "General",
  topic: null,
  type: "public",
  max_users: 0,
  members_can_invite: false,
} as const

describe("what is changed of a room", () => {
  test("is nothing before anybody has changed anything, also where there is no topic", () => {
    expect(changeOf(draftOf(room), room)).toBeNull()
    expect(changeOf({ ...draftOf(room), topic: "  ", name: " General " }, room)).toBeNull()
  })

  test("is what is different, and nothing that others may have changed meanwhile", () => {
    const draft = { ...draftOf(room), topic: "Cake", isPublic: false, capacity: "12" }

    expect(changeOf(draft, room)).toEqual({ topic: "Cake", type: "private", max_users: 12 })
    expect(changeOf({ ...draftOf(room), membersCanInvite: true }, room)).toEqual({
      members_can_invite: true,
    })
  })

  test("takes a topic away, where none is left", () => {
    expect(changeOf({ ...draftOf(room), topic: "" }, { ...room, topic: "Cake" })).toEqual({
      topic: null,
    })
  })

  test.each([
    [{ name: "  " }, ["name"]],
    [{ capacity: "" }, ["capacity"]],
    [{ capacity: "-1" }, ["capacity"]],
    [{ capacity: "1.5" }, ["capacity"]],
    [{ capacity: "100001" }, ["capacity"]],
    [{ capacity: "100000" }, []],
  ] as const)("says which fields can't be as they are: %j", (some, problems) => {
    expect(problemsOf({ ...draftOf(room), ...some })).toEqual([...problems])
  })
})
