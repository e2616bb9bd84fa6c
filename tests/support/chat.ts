import type { Presence } from "../../src/cluster/presence"
import { createLocalPresence } from "../../src/cluster/presence.local"
import { createChat } from "../../src/core/chat"
import type { ChatSettings } from "../../src/core/deps"
import { createLimitRate } from "../../src/core/rate-limit"
import type { MessageDraft } from "../../src/protocol/commands"
import type { Actor } from "../../src/protocol/entities"
import type { BusMessage } from "../../src/protocol/events"
import { asRoomId, asSessionId, asUserId, type RoomId } from "../../src/protocol/ids"
import { createStore, openSqlite } from "../../src/store"

interface TestChatOptions {
  readonly path?: string
  readonly settings?: Partial<ChatSettings>
  /** The clock goes on from here, a millisecond with each look at it. */
  readonly startAt?: number
  /** That of one node of many; without it, that of a server which is alone. */
  readonly presence?: Presence
  /** Hears what is published, after this node itself. */
  readonly onPublish?: (message: BusMessage) => void
}

const NO_LIMITS: ChatSettings = {
  messagesPerMinuteMax: 0,
  joinsPerMinuteMax: 0,
  typingPerMinuteMax: 0,
  roomsPerUserMax: 0,
  messageCharsMax: 4000,
  autoCreatesRooms: true,
}

/** The rules on a real store, without edges: with a clock that ticks and a list of what was told. */
export function openChat({
  path = ":memory:",
  settings,
  startAt = 1_000_000,
  presence = createLocalPresence(),
  onPublish = () => undefined,
}: TestChatOptions = {}) {
  const told: BusMessage[] = []
  const batches: number[] = []
  const failures: unknown[] = []
  let instant = startAt
  const now = () => ++instant
  function heed(message: BusMessage): void {
    chat.typing.heed(message)
    chat.presence.heed(message)
  }
  function publish(message: BusMessage): undefined {
    told.push(message)
    heed(message)
    onPublish(message)
  }
  const store = createStore(
    openSqlite({
      path,
      publish,
      onBatch: (size) => batches.push(size),
    }),
  )
  const chat = createChat({
    store,
    presence,
    publish,
    settings: { ...NO_LIMITS, ...settings },
    limitRate: createLimitRate(null, now),
    now,
    newId: () => Bun.randomUUIDv7(),
    newEpoch: () => "epoch",
    newSecret: () => Bun.randomUUIDv7(),
    inBackground: (task) => {
      task.catch((error) => failures.push(error))
    },
  })

  return {
    store,
    chat,
    presence,
    /** Everything that was told, in order. */
    told,
    /** What another node has published has come. */
    heed,
    /** How many writes each commit held. */
    batches,
    failures,
    now,
    advance(milliseconds: number): void {
      instant += milliseconds
    },
    /** Somebody with an account and a session. */
    async person(username: string, role: "user" | "admin" = "user"): Promise<Actor> {
      const createdAt = now()
      const user = await store.write(function* () {
        const result = yield* store.users.insert({
          id: asUserId(Bun.randomUUIDv7()),
          username,
          displayName: null,
          email: `${username}@example.org`,
          passwordHash: null,
          createdAt,
        })
        return { result, events: [] }
      })
      const via = { type: "session", sessionId: asSessionId("s"), expiresAt: createdAt } as const
      return { user: { ...user, role }, via }
    },
    /** A room that the first one made, with the others as members. Forgets what was told of it. */
    async room(
      owner: Actor,
      others: readonly Actor[] = [],
      type: "public" | "private" = "public",
    ): Promise<RoomId> {
      const wish = { name: "general", type, topic: null, maxUsers: 0, id: null }
      const { room } = await chat.rooms.createRoom(owner, wish)
      for (const { user } of others) {
        await chat.members.putMember(owner, room.id, { userId: user.id, role: undefined })
      }
      told.length = 0
      batches.length = 0
      return room.id
    },
    async close(): Promise<void> {
      await chat.close()
      await store.close()
    },
  }
}

export type TestChat = ReturnType<typeof openChat>

/** A plain message, but for what the test says. */
export const draft = (roomId: RoomId, more: Partial<MessageDraft> = {}): MessageDraft => ({
  roomId,
  content: "hello",
  type: "text",
  clientId: null,
  metadata: null,
  ...more,
})

export const noRoom = asRoomId("no-such-room")

/** What was told, in short: `message.created 3`. */
export const inShort = (told: readonly BusMessage[]): string[] =>
  told.map((it) => ("seq" in it ? `${it.type} ${it.seq}` : it.type))

/** The code of the `ChatError` that a task ends with. */
export async function codeOf(task: Promise<unknown>): Promise<unknown> {
  try {
    await task
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error
  }
  return "no error"
}
