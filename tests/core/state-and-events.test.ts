import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import fc from "fast-check"
import { type MessageDraft, NO_DRAFT_EXTRAS } from "../../src/protocol/commands"
import type { Actor, Room } from "../../src/protocol/entities"
import { ChatError } from "../../src/protocol/errors"
import type { BusMessage, RoomEvent } from "../../src/protocol/events"
import type { MessageId, RoomId, Seq } from "../../src/protocol/ids"
import { presentMember, presentMessage, presentRoom } from "../../src/protocol/present"
import { bothDatabases, type TestGround } from "../support/both-databases"
import { draft, openChat, type TestChat } from "../support/chat"

/** What a client has of a room, however it came by it. */
interface State {
  room: unknown
  readonly messages: Map<string, unknown>
  /** Former ones as well: what is told of them is that they have left. */
  readonly members: Map<string, unknown>
}

/** Without what is counted from events, and who is there just now. */
const asRoom = (room: Room) => {
  const { head: _, member_count: __, user_count: ___, ...shown } = presentRoom(room, 0)
  return shown
}

function put(state: State, event: RoomEvent): void {
  if ("message" in event) state.messages.set(event.message.id, presentMessage(event.message))
  else if ("member" in event) state.members.set(event.member.user.id, presentMember(event.member))
  else state.room = asRoom(event.room)
}

const isOf =
  (id: RoomId) =>
  (it: BusMessage): it is RoomEvent =>
    "seq" in it && it.type !== "read" && it.room.id === id

/** Asked page by page, as a client would that has seen everything up to `since`. */
async function catchUp(
  house: TestChat,
  { actor, id, state, since }: { actor: Actor; id: RoomId; state: State; since: Seq },
) {
  let position = { epoch: "epoch", since }
  for (;;) {
    const page = { position, limit: 7 }
    const changes = await house.chat.sync.readChanges(actor, id, page)
    expect(changes.recovered).toBe(true)
    if (changes.roomChanged) state.room = asRoom(changes.room)
    for (const it of changes.messages) state.messages.set(it.id, presentMessage(it))
    for (const it of changes.members) state.members.set(it.user.id, presentMember(it))
    if (!changes.more) return changes.until
    position = { epoch: "epoch", since: changes.until }
  }
}

const nothing = (): State => ({ room: null, messages: new Map(), members: new Map() })

/** Everything, read anew: the history by pages and not by changes, to be held against these. */
async function fetchState(house: TestChat, actor: Actor, id: RoomId) {
  const state = nothing()
  const head = await catchUp(house, { actor, id, state, since: 0 })
  const read = new Map<string, unknown>()
  for (let after = 0; ; ) {
    const page = await house.chat.messages.readHistory(actor, id, { after, limit: 9 })
    for (const it of page) read.set(it.id, presentMessage(it))
    const last = page.at(-1)
    if (last === undefined) break
    after = last.seq
  }
  expect(sorted(read)).toEqual(sorted(state.messages))
  return { state, head }
}

const sorted = (map: ReadonlyMap<string, unknown>) =>
  [...map].sort(([one], [other]) => (one < other ? -1 : 1))

const asText = (state: State) => ({
  room: state.room,
  messages: sorted(state.messages),
  members: sorted(state.members),
})

/** What happens in a room: `by` does it, to one of the messages that there are. */
type Act = (it: {
  readonly chat: TestChat["chat"]
  readonly by: Actor
  readonly other: Actor
  readonly room: RoomId
  readonly message: MessageId
  readonly at: number
}) => Promise<unknown>

const say =
  (more: Partial<MessageDraft>): Act =>
  ({ chat, by, room }) =>
    chat.messages.sendMessage(by, draft(room, more))
const FOREVER = { until: null, reason: null }

const ACTS: Readonly<Record<string, Act>> = {
  send: say({}),
  "mention somebody": say({ content: "@bob and @room" }),
  "send with metadata": say({ metadata: { colour: "green" } }),
  answer: (it) => say({ extras: { ...NO_DRAFT_EXTRAS, replyTo: it.message } })(it),
  "answer in a thread": (it) => say({ extras: { ...NO_DRAFT_EXTRAS, threadId: it.message } })(it),
  "send for a short time": (it) =>
    say({ extras: { ...NO_DRAFT_EXTRAS, expiresAt: it.at + 40 } })(it),
  forward: ({ chat, by, room, message }) =>
    chat.forwarding.forward(by, { messageId: message, roomId: room, clientId: null }),
  edit: ({ chat, by, message }) => chat.messageChanges.editMessage(by, message, { content: "so" }),
  "edit to a mention": ({ chat, by, message }) =>
    chat.messageChanges.editMessage(by, message, { content: "@ann", metadata: null }),
  delete: ({ chat, by, message }) => chat.messageChanges.deleteMessage(by, message),
  react: ({ chat, by, message }) => chat.reactions.addReaction(by, message, "👍"),
  "react otherwise": ({ chat, by, message }) => chat.reactions.addReaction(by, message, "🎉"),
  "react no more": ({ chat, by, message }) => chat.reactions.removeReaction(by, message, "👍"),
  pin: ({ chat, by, message }) => chat.pins.pinMessage(by, message),
  unpin: ({ chat, by, message }) => chat.pins.unpinMessage(by, message),
  join: ({ chat, by, room }) => chat.members.joinRoom(by, room),
  leave: ({ chat, by, room }) => chat.members.leaveRoom(by, room),
  rename: ({ chat, by, room }) => chat.rooms.updateRoom(by, room, { name: "other" }),
  "rename again": ({ chat, by, room }) => chat.rooms.updateRoom(by, room, { name: "again" }),
  mute: ({ chat, by, room, other }) => chat.moderation.muteUser(by, room, other.user.id, FOREVER),
  unmute: ({ chat, by, room, other }) => chat.moderation.unmuteUser(by, room, other.user.id),
  ban: ({ chat, by, room, other }) => chat.moderation.banUser(by, room, other.user.id, FOREVER),
  "lift a ban": ({ chat, by, room, other }) => chat.moderation.unbanUser(by, room, other.user.id),
  "give a role": ({ chat, by, room, other }) =>
    chat.members.putMember(by, room, { userId: other.user.id, role: "moderator" }),
  "end what has expired": ({ chat }) => chat.sweepExpired(),
}

/** Who does what to which message; those of a group at the same time. */
const act = fc.record({
  name: fc.constantFrom(...Object.keys(ACTS)),
  by: fc.nat({ max: 2 }),
  other: fc.nat({ max: 2 }),
  message: fc.nat(),
})
type Afternoon = readonly (readonly {
  readonly name: string
  readonly by: number
  readonly other: number
  readonly message: number
}[])[]

const anyAfternoon: fc.Arbitrary<Afternoon> = fc.array(
  fc.array(act, { minLength: 1, maxLength: 4 }),
  {
    minLength: 4,
    maxLength: 20,
  },
)

/** Each of them once, by somebody who may: cat leaves, and all else is ann's to do. */
const EVERYTHING: Afternoon = Object.keys(ACTS).map((name) => [
  { name, by: name === "leave" ? 2 : 0, other: 1, message: name === "delete" ? 1 : 0 },
])

/** Refusals are no news: most acts are tried by somebody who may not. */
async function isDone(task: Promise<unknown> | undefined): Promise<boolean> {
  try {
    await task
    return true
  } catch (error) {
    if (!(error instanceof ChatError) || error.code === "internal") throw error
    return false
  }
}

describe.each(bothDatabases)("what is known of a room, on $name", ({ name, create }) => {
  let ground: TestGround
  let house: TestChat
  let people: readonly [Actor, Actor, Actor]
  /** Only looks. */
  let dan: Actor

  beforeAll(async () => {
    ground = await create()
    house = await openChat({ ground })
    people = [await house.person("ann"), await house.person("bob"), await house.person("cat")]
    dan = await house.person("dan")
  }, 30_000)
  afterAll(async () => {
    await house.close()
    await ground.remove()
  }, 30_000)

  async function spend(id: RoomId, afternoon: Afternoon): Promise<void> {
    for (const group of afternoon) {
      const said = house.told.flatMap((it) =>
        it.type === "message.created" ? [it.message.id] : [],
      )
      await Promise.all(
        group.map(async ({ name: what, by, other, message }) => {
          const act = ACTS[what]?.({
            chat: house.chat,
            by: people[by] ?? people[0],
            other: people[other] ?? people[0],
            room: id,
            message: said[message % said.length] ?? first,
            at: house.now(),
          })
          if (await isDone(act)) done.add(what)
        }),
      )
    }
  }
  let first: MessageId
  const done = new Set<string>()

  /** A room of ann's with bob and dan as members and cat, who moderates, and a message in it. */
  async function open(): Promise<RoomId> {
    const [ann, bob, cat] = people
    const id = await house.room(ann, [bob, cat, dan])
    await house.chat.members.putMember(ann, id, { userId: cat.user.id, role: "moderator" })
    house.told.length = 0
    first = (await house.chat.messages.sendMessage(ann, draft(id))).message.id
    return id
  }

  test("is at any time what was fetched before and what has been told since, and what a resume tells", async () => {
    await fc.assert(
      fc.asyncProperty(anyAfternoon, anyAfternoon, async (before, since) => {
        const id = await open()
        await spend(id, before)
        const told = await fetchState(house, dan, id)
        const resumed = await fetchState(house, dan, id)
        const heard = house.told.length

        await spend(id, since)

        const events = house.told.slice(heard).filter(isOf(id))
        for (const event of events) put(told.state, event)
        const now = await fetchState(house, dan, id)
        expect(events.map(({ seq }) => seq)).toEqual(
          Array.from({ length: now.head - told.head }, (_, index) => told.head + 1 + index),
        )
        expect(asText(told.state)).toEqual(asText(now.state))
        await catchUp(house, { actor: dan, id, state: resumed.state, since: resumed.head })
        expect(asText(resumed.state)).toEqual(asText(now.state))
      }),
      { numRuns: name === "SQLite" ? 40 : 12, examples: [[[], EVERYTHING]] },
    )
    // Nothing is shown of an act that was always refused.
    expect([...done].sort()).toEqual(Object.keys(ACTS).sort())
  }, 120_000)
})
