import type { PresenceStatus } from "../../protocol/entities"
import type { Api, HistoryQuery } from "../api"
import type { Me, RoomHandle, RoomView } from "../client"
import type { Connection } from "../connection/connection"
import { codeOf, ParleyError } from "../error"
import { LIMITS } from "../limits"
import { createLive, type Live } from "../live"
import { quietly } from "../quietly"
import type { Storage } from "../storage/storage"
import { createBatch } from "./batch"
import { createCatchingUp } from "./catching-up"
import { createHearing } from "./hearing"
import { createLastMessages } from "./last-messages"
import { createLearning } from "./learning"
import type { Messages } from "./messages-in-order"
import { createOutbox } from "./outbox"
import { pagesOf } from "./pages-of"
import { createPresences } from "./presences"
import { createReadMarks } from "./read-marks"
import { createRecounting } from "./recounting"
import { createRoomHandle } from "./room-handle"
import { createRoomKeeping, fromStored } from "./room-keeping"
import { createRoomModel, type RoomModel } from "./room-model"
import { newRoomState } from "./room-state"

export interface RoomsDeps {
  readonly api: Pick<Api, "rooms" | "conversations" | "messages" | "unread">
  readonly connection: Connection
  readonly storage: Storage
  readonly me: Live<Me | null>
  /** Epoch milliseconds. */
  readonly now: () => number
}

/** What a client knows of rooms, kept as the server tells it. */
export function createRooms({ api, connection, storage, me, now }: RoomsDeps) {
  const list = createLive<readonly RoomView[]>([])
  const isReady = createLive(false)
  const models = new Map<string, RoomModel>()
  const handles = new Map<string, RoomHandle>()
  const myId = () => me.value?.id ?? ""
  const find = (roomId: string) => models.get(roomId)
  const { ask } = connection
  let account: string | null = null
  let restored: Promise<void> = Promise.resolve()
  let status: Exclude<PresenceStatus, "offline"> = "online"
  let isClosed = false

  const batch = createBatch<RoomModel | null>({ flush })
  const keeping = createRoomKeeping({ storage, me: myId })
  const presences = createPresences(() => batch.add(null))
  const marks = createReadMarks(connection)
  const recounting = createRecounting({ api, find, tellMarks: marks.flush })
  const lastMessages = createLastMessages(connection)
  const outbox = createOutbox({
    connection,
    storage,
    me: myId,
    now,
    onChange(roomId) {
      const room = find(roomId)
      room?.touchPending()
      if (room !== undefined) batch.now(room)
    },
    onStored(roomId, seq) {
      const room = find(roomId)
      if (room?.state == null || room.feed.until >= seq) return false
      // Events come before answers: what is not here by now has been missed.
      catchingUp.repair(room)
      return true
    },
  })
  const catchingUp = createCatchingUp({
    ask,
    find,
    onUnknown: (roomId, answer) => hearing.unknown(ensure(roomId), answer),
    onRefused: (room, error) => hearing.refused(room, error),
  })
  const learning = createLearning({ api, me: myId, find, ensure })
  const hearing = createHearing({
    ensure,
    find,
    drop,
    me: myId,
    rooms: () => [...models.values()],
    catchingUp,
    presences,
    outbox,
    describe: learning.describeOne,
    onDoubt: recounting.soon,
  })

  function ensure(roomId: string): RoomModel {
    const known = models.get(roomId)
    if (known !== undefined) return known
    const made = createRoomModel(roomId, {
      me: myId,
      readHistory,
      readThread: (messageId, query) => api.messages.thread(messageId, query),
      readMessage: (messageId) => api.messages.get(messageId),
      pendingIn: outbox.pendingIn,
      onChange: batch.add,
      onOwnChange: batch.now,
      onApplied: (change) => hearing.applied(made, change),
      onGap: (room) => hearing.gap(room),
    })
    models.set(roomId, made)
    return made
  }

  /** By the socket where there is one: that is quicker, and not counted by address. */
  async function readHistory(roomId: string, query: HistoryQuery): Promise<Messages> {
    try {
      const { limit = LIMITS.listLimitDefault, ...cursor } = query
      // Fields that are undefined are not sent.
      const answer = await ask("history", { room_id: roomId, limit, ...cursor })
      return "messages" in answer ? answer.messages : []
    } catch (error) {
      if (codeOf(error) !== "offline") throw error
      return api.messages.history(roomId, query)
    }
  }

  function drop(room: RoomModel): void {
    models.delete(room.id)
    handles.delete(room.id)
    room.typists.clear()
    keeping.removed(room)
    batch.add(null)
  }

  function flush(items: ReadonlySet<RoomModel | null>): void {
    for (const room of items) {
      if (room === null) continue
      room.show()
      if (room.isListed) keeping.changed(room)
      if (room.state?.unread.isInDoubt === true) recounting.soon()
    }
    presences.show()
    showList()
  }

  function showList(): void {
    const views = [...models.values()]
      .filter((room) => room.isListed)
      .flatMap(({ view }) => view.value ?? [])
    views.sort((a, b) => compare(sortKey(b), sortKey(a)) || compare(a.room.id, b.room.id))
    const shown = list.value
    const isSame = shown.length === views.length && shown.every((view, at) => view === views[at])
    if (isSame) return
    list.set(views)
    for (const view of views.slice(ROOMS_KEPT_WHOLE)) find(view.room.id)?.shorten()
  }

  async function restoreRooms(own: string): Promise<void> {
    const stored = await keeping.read()
    if (account !== own || isClosed) return
    for (const room of stored) ensure(room.view.room.id).begin(fromStored(room), room.until)
    await outbox.restore()
    if (stored.length > 0 && account === own) isReady.set(true)
  }

  async function resume(): Promise<void> {
    if (account === null) return
    await restored
    presences.clear()
    await hearing.whileResuming(async () => {
      const lists = list.value.length > 0 ? null : learning.list()
      const [unread, listed] = await Promise.all([api.unread.list(), lists])
      await learning.learn(unread, listed)
      const mine = new Set(unread.map(({ room_id }) => room_id))
      hearing.notMine([...models.values()].filter(({ id }) => !mine.has(id)))
      const heard = [...models.values()].filter(({ state }) => state !== null)
      await catchingUp.catchUp(heard, { all: heard.length <= ROOMS_FOLLOWED_MAX })
    })
    isReady.set(true)
    if (status !== "online") void quietly(ask("presence", { status }))
    void marks.flush()
    for (const room of models.values()) if (room.isOpen) void open(room)
    void lastMessages.load([...models.values()].filter((room) => room.isListed))
  }

  /** What is only worth asking of rooms that somebody looks at. */
  async function look(room: RoomModel): Promise<void> {
    presences.list(await api.rooms.presence(room.id))
    if (room.state?.isMember !== true || room.state.membership !== null) return
    let looks = 0
    for await (const items of pagesOf((page) => api.rooms.members(room.id, page))) {
      room.list(items)
      if (++looks === PAGES_LOOKED_AT_MAX || items.some(({ user_id }) => user_id === myId())) return
    }
  }

  async function open(room: RoomModel): Promise<void> {
    try {
      if (room.state === null) {
        const found = await learning.describeOne(room.id)
        if (room.state === null && found !== null) {
          room.begin(newRoomState(found, { me: myId(), isMember: false }), found.head)
          catchingUp.repair(room)
        }
      }
      await look(room)
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error
      if (room.state === null) room.fail(error)
    }
  }

  function close(room: RoomModel): void {
    handles.delete(room.id)
    room.close()
    if (room.isListed) return
    models.delete(room.id)
    void quietly(ask("unsubscribe", { room_ids: [room.id] }))
  }

  function handleOf(roomId: string): RoomHandle {
    const known = handles.get(roomId)
    if (known !== undefined) return known
    const room = ensure(roomId)
    const markRead = (of: RoomModel, seq: number) => {
      if (of.state?.isMember !== true) return
      const at = Math.min(seq, of.state.room.head)
      if (at <= of.state.unread.lastReadSeq) return
      of.markRead(at)
      marks.mark(of.id, at)
    }
    const handle = createRoomHandle(room, { api, ask, outbox, now, markRead, close })
    handles.set(roomId, handle)
    room.isOpen = true
    void open(room)
    return handle
  }

  function changeAccount(): void {
    const next = me.value?.id ?? null
    if (next === account) return
    account = next
    forget()
    if (next !== null) restored = restoreRooms(next)
  }

  /** Of another account nothing is to be seen. */
  function forget(): void {
    outbox.forget()
    keeping.forget()
    marks.clear()
    lastMessages.stop()
    presences.clear()
    for (const room of models.values()) {
      room.fail(new ParleyError("unauthorized", "nobody is logged in"))
      room.close()
      room.show()
    }
    models.clear()
    handles.clear()
    list.set([])
    isReady.set(false)
  }

  const unsubscribes = [
    me.subscribe(changeAccount),
    connection.onOpen(resume),
    connection.onTold(hearing.hear),
  ]
  changeAccount()

  return {
    rooms: list as Live<readonly RoomView[]>,
    isReady: isReady as Live<boolean>,
    room: handleOf,
    presence: presences.live,
    setStatus(next: Exclude<PresenceStatus, "offline">): void {
      status = next
      void quietly(ask("presence", { status }))
    },
    /** Resolves when all that is to be kept is kept. */
    async close(): Promise<void> {
      isClosed = true
      for (const unsubscribe of unsubscribes) unsubscribe()
      marks.clear()
      recounting.close()
      catchingUp.close()
      lastMessages.stop()
      batch.close()
      for (const room of models.values()) room.typists.clear()
      await outbox.close()
      await keeping.flush()
    },
  }
}

export type Rooms = ReturnType<typeof createRooms>

/** More rooms than fit into one frame are asked for one by one, also those that come later. */
const ROOMS_FOLLOWED_MAX = 200
const PAGES_LOOKED_AT_MAX = 5
/** Of so many rooms, those last written to, all messages are kept in memory that were heard. */
const ROOMS_KEPT_WHOLE = 100

const sortKey = ({ lastMessage, room }: RoomView): string =>
  lastMessage?.created_at ?? room.created_at

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)
