import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test"
import type { Actor } from "../../src/protocol/entities"
import type { RoomId } from "../../src/protocol/ids"
import { codeOf, draft, openChat, type TestChat } from "../support/chat"

describe("typing", () => {
  let house: TestChat
  let ann: Actor
  let bob: Actor
  let roomId: RoomId

  beforeEach(async () => {
    house = await openChat()
    ann = await house.person("ann")
    bob = await house.person("bob")
    roomId = await house.room(ann, [bob])
    jest.useFakeTimers()
  })
  afterEach(async () => {
    jest.useRealTimers()
    await house.close()
  })

  const type = (isTyping = true, actor = ann) =>
    house.chat.typing.setTyping(actor, roomId, isTyping)
  const notices = () =>
    house.told.flatMap((it) => (it.type === "typing" ? [`${it.user.username} ${it.isTyping}`] : []))

  test("ends by itself 10 s after it was last renewed", async () => {
    await type()
    jest.advanceTimersByTime(9_999)
    await type()
    jest.advanceTimersByTime(9_999)
    expect(notices()).toEqual(["ann true", "ann true"])

    jest.advanceTimersByTime(1)

    expect(notices()).toEqual(["ann true", "ann true", "ann false"])
    jest.advanceTimersByTime(60_000)
    expect(notices()).toHaveLength(3)
  })

  test("ends when that is said, and to end what is not there tells nobody", async () => {
    await type(false)
    await type()
    await type(false, bob)
    await type(false)
    await type(false)

    expect(notices()).toEqual(["ann true", "ann false"])
  })

  test("ends with the message that was typed, before it is told", async () => {
    await type()
    jest.useRealTimers()
    await house.chat.messages.sendMessage(ann, draft(roomId))

    expect(house.told.map((it) => it.type)).toEqual(["typing", "typing", "message.created"])
    expect(notices()).toEqual(["ann true", "ann false"])
  })

  test("ends in every room when the user's last connection is gone, and nobody else's does", async () => {
    await type()
    await type(true, bob)
    house.chat.presence.connect(ann)
    house.chat.presence.connect(ann)
    house.chat.presence.disconnect(ann)
    expect(notices()).toEqual(["ann true", "bob true"])

    house.chat.presence.disconnect(ann)

    expect(notices()).toEqual(["ann true", "bob true", "ann false"])
  })

  test("is refused to strangers of a private room, as if there were none", async () => {
    jest.useRealTimers()
    const hidden = await house.room(ann, [], "private")

    expect(await codeOf(house.chat.typing.setTyping(bob, hidden, true))).toBe("room_not_found")
    expect(notices()).toEqual([])
  })

  test("has a limit: refuses the 3rd notice of a minute where 2 are allowed, and ending one is free", async () => {
    const strict = await openChat({ settings: { typingPerMinuteMax: 2 } })
    jest.useRealTimers()
    const cleo = await strict.person("cleo")
    const id = await strict.room(cleo)

    await strict.chat.typing.setTyping(cleo, id, true)
    await strict.chat.typing.setTyping(cleo, id, false)
    await strict.chat.typing.setTyping(cleo, id, false)
    await strict.chat.typing.setTyping(cleo, id, true)

    expect(await codeOf(strict.chat.typing.setTyping(cleo, id, true))).toBe("rate_limited")
    await strict.chat.typing.setTyping(cleo, id, false)
    await strict.close()
  })
})
