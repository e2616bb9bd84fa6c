import { newInviteCode } from "../../src/auth/secrets"
import type { Presence } from "../../src/cluster/presence"
import { createLocalPresence } from "../../src/cluster/presence.local"
import { createChat } from "../../src/core/chat"
import type { ChatDeps, ChatSettings } from "../../src/core/deps"
import { createLimitRate } from "../../src/core/rate-limit"
import type { Files } from "../../src/files"
import type { MessageDraft } from "../../src/protocol/commands"
import type { Actor } from "../../src/protocol/entities"
import type { BusMessage } from "../../src/protocol/events"
import { asRoomId, asSessionId, asUserId, type RoomId } from "../../src/protocol/ids"
import { createStore, openSqlite, type Store } from "../../src/store"
import type { TestGround } from "./both-databases"
import { openStore } from "./databases"
import { openFiles } from "./files"

interface TestChatOptions {
  readonly path?: string
  /** Something else than the database that all tests are run on. */
  readonly ground?: Pick<TestGround, "open">
  readonly settings?: Partial<ChatSettings>
  /** The clock goes on from here, a millisecond with each look at it. */
  readonly startAt?: number
  /** That of one node of many; without it, that of a server which is alone. */
  readonly presence?: Presence
  /** What comes between the rules and the storage of files. */
  readonly filesThrough?: (files: Files) => Files
  /** What pages say of themselves; without it, none is asked. */
  readonly fetchPreview?: ChatDeps["fetchPreview"]
  /** Hears what is published, after this node itself. */
  readonly onPublish?: (message: BusMessage) => void
}

const NO_LIMITS: ChatSettings = {
  messagesPerMinuteMax: 0,
  joinsPerMinuteMax: 0,
  typingPerMinuteMax: 0,
  roomsPerUserMax: 0,
  messageCharsMax: 4000,
  uploadsPerMinuteMax: 0,
  uploadBytesMax: 0,
  autoCreatesRooms: true,
}

/** The rules on a real store, without edges: with a clock that ticks and a list of what was told. */
export async function openChat({
  path,
  ground,
  ...options
}: TestChatOptions = {}): Promise<TestChat> {
  const reports = createReports()
  if (ground !== undefined) return chatOn(createStore(await ground.open(reports)), reports, options)
  const store = await openStore({ ...reports, ...(path === undefined ? {} : { path }) })
  return chatOn(store, reports, options)
}

/** The same at once, in memory, for what only needs a part of it that stores nothing. */
export function openChatInMemory(): TestChat {
  const reports = createReports()
  return chatOn(createStore(openSqlite({ path: ":memory:", ...reports })), reports, {})
}

function createReports() {
  const told: BusMessage[] = []
  const batches: number[] = []
  let heard: (message: BusMessage) => void = () => undefined
  return {
    told,
    batches,
    publish(message: BusMessage): undefined {
      told.push(message)
      heard(message)
    },
    /** The one listener, beside the list. */
    listen(listener: (message: BusMessage) => void): void {
      heard = listener
    },
    onBatch: (size: number) => void batches.push(size),
  }
}

function chatOn(
  store: Store,
  reports: ReturnType<typeof createReports>,
  {
    settings,
    startAt = 1_000_000,
    presence = createLocalPresence(),
    onPublish = () => undefined,
    filesThrough = (files) => files,
    fetchPreview = null,
  }: Omit<TestChatOptions, "path" | "ground">,
) {
  const failures: unknown[] = []
  const underWay = new Set<Promise<unknown>>()
  let instant = startAt
  const now = () => ++instant
  const heed = (message: BusMessage) => chat.heed(message)
  reports.listen((message) => {
    heed(message)
    onPublish(message)
  })
  const { told, batches, publish } = reports
  const uploaded = openFiles()
  const chat = createChat({
    store,
    files: filesThrough(uploaded.files),
    presence,
    publish,
    tellHere(message) {
      told.push(message)
      heed(message)
    },
    fetchPreview,
    settings: { ...NO_LIMITS, ...settings },
    limitRate: createLimitRate(null, now),
    now,
    newId: () => Bun.randomUUIDv7(),
    newEpoch: () => "epoch",
    newInviteCode,
    inBackground: (task) => {
      const ended = task.catch((error) => failures.push(error))
      underWay.add(ended)
      void ended.finally(() => underWay.delete(ended))
    },
  })

  return {
    store,
    chat,
    files: uploaded.files,
    filesFolder: uploaded.folder,
    presence,
    /** Everything that was told, in order. */
    told,
    /** What another node has published has come. */
    heed,
    /** How many writes each commit held. */
    batches,
    failures,
    now,
    /** Waits for what runs in the background. Errors: those of it. */
    async settled(): Promise<void> {
      // What has ended may have been followed by more.
      while (underWay.size > 0) await Promise.all(underWay)
      for (const failure of failures) throw failure
    },
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
      uploaded.remove()
      await store.close()
    },
  }
}

export type TestChat = ReturnType<typeof chatOn>

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
