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
}: TestChatOptions = {}) {
  const told: BusMessage[] = []
  const batches: number[] = []
  const failures: unknown[] = []
  let instant = startAt
  const now = () => ++instant
  const presence = createLocalPresence()
  const store = createStore(
    openSqlite({
      path,
      publish: (message) => {
        told.push(message)
        return undefined
      },
      onBatch: (size) => batches.push(size),
    }),
  )
  const chat = createChat({
    store,
    presence,
    publish: (message) => told.push(message),
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
      chat.close()
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
