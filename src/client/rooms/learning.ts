import type { ApiConversation, ApiRoom, ApiUnread } from "../../protocol/answers"
import type { Api, Page, PageQuery } from "../api"
import { LIMITS } from "../limits"
import { pagesOf } from "./pages-of"
import type { RoomModel } from "./room-model"
import { newRoomState, withUnread } from "./room-state"

interface LearningDeps {
  readonly api: Pick<Api, "rooms" | "conversations">
  readonly me: () => string
  readonly find: (roomId: string) => RoomModel | undefined
  readonly ensure: (roomId: string) => RoomModel
}

/** So many rooms that are not known are asked for one by one. */
const FEW = 4

export type Listed = readonly (ApiRoom | ApiConversation)[]

/** Finding out which rooms are mine, and what they are. */
export function createLearning({ api, me, find, ensure }: LearningDeps) {
  /**
   * `marks` names all of them: those that are known already are not asked for. `listed`: all of
   * them, where they were asked for anyway.
   */
  async function learn(marks: readonly ApiUnread[], listed: Listed | null): Promise<void> {
    const unknown = marks.filter(({ room_id }) => find(room_id)?.state?.isMember !== true)
    for (const room of listed ?? (await describe(unknown))) {
      const mark = unknown.find(({ room_id }) => room_id === room.id)
      if (mark !== undefined) begin(room, mark)
    }
    for (const mark of marks) {
      const room = find(mark.room_id)
      room?.change((state) => withUnread({ ...state, isMember: true }, mark))
    }
  }

  function begin(room: ApiRoom | ApiConversation, { head }: ApiUnread): void {
    const model = ensure(room.id)
    if (model.state !== null) return
    // What happened between the two answers is told by what comes after the first one.
    model.begin(newRoomState(room, { me: me(), isMember: true }), Math.min(head, room.head))
  }

  async function describe(unknown: readonly ApiUnread[]): Promise<Listed> {
    if (unknown.length === 0) return []
    if (unknown.length <= FEW) {
      const found = await Promise.all(unknown.map(({ room_id }) => describeOne(room_id)))
      return found.filter((room) => room !== null)
    }
    return list()
  }

  async function list(): Promise<Listed> {
    const [rooms, conversations] = await Promise.all([
      allOf((page) => api.rooms.list({ mine: true, ...page })),
      allOf((page) => api.conversations.list(page)),
    ])
    return [...rooms, ...conversations]
  }

  /** Null: it is no more. */
  async function describeOne(roomId: string): Promise<ApiRoom | ApiConversation | null> {
    const room = await api.rooms.get(roomId)
    if (room.type !== "direct") return room
    const { items } = await api.rooms.members(roomId, { limit: LIMITS.listLimitMax })
    return { ...room, users: items.map(({ user }) => user) }
  }

  return { learn, list, describeOne }
}

async function allOf<Item>(list: (page: PageQuery) => Promise<Page<Item>>): Promise<Item[]> {
  const items: Item[] = []
  for await (const page of pagesOf(list)) items.push(...page)
  return items
}
