import type { HistoryQuery } from "../../src/client/api"
import type { RoomChange } from "../../src/client/rooms/feed"
import type {
  ApiChanges,
  ApiMember,
  ApiMessage,
  ApiRoom,
  ApiUnread,
} from "../../src/protocol/answers"

const at = (seq: number): string => new Date(1_700_000_000_000 + seq * 1_000).toISOString()

const profileOf = (id: string, display_name: string | null = null) => ({
  id,
  username: id,
  display_name,
  avatar_url: null,
})

/** A room as a server keeps it, by the rules of docs/protocol.md, without a server. */
export function createRoomLog(roomId = "room") {
  const messages: ApiMessage[] = []
  const members = new Map<string, ApiMember>()
  let head = 0
  const room = (): ApiRoom => ({
    id: roomId,
    name: roomId,
    type: "public",
    topic: null,
    max_users: 0,
    members_can_invite: false,
    user_count: 0,
    member_count: [...members.values()].filter(({ left_at }) => left_at === null).length,
    created_by: null,
    created_at: at(0),
    updated_at: at(0),
    epoch: "e1",
    head,
  })

  function stored(place: number, change: Partial<ApiMessage>): RoomChange[] {
    const known = messages[place % messages.length]
    if (known === undefined || known.deleted_at !== null) return []
    head++
    const data = { ...known, ...change, changed_seq: head }
    messages[messages.indexOf(known)] = data
    const type = data.deleted_at === null ? "message.updated" : "message.deleted"
    return [{ type, room_id: roomId, seq: head, data }]
  }

  function member(id: string, change: Partial<ApiMember>): RoomChange[] {
    head++
    const known = members.get(id)
    const data: ApiMember = {
      room_id: roomId,
      user_id: id,
      user: profileOf(id),
      role: "member",
      joined_at: at(head),
      left_at: null,
      muted_until: null,
      ...known,
      ...change,
      changed_seq: head,
    }
    members.set(id, data)
    const type =
      data.left_at !== null
        ? "member.left"
        : known === undefined || known.left_at !== null
          ? "member.joined"
          : "member.updated"
    return [{ type, room_id: roomId, seq: head, data }]
  }

  return {
    room,
    messages: messages as readonly ApiMessage[],
    get head() {
      return head
    },
    members: () => [...members.values()].filter(({ left_at }) => left_at === null),
    write(author: string, mentions: readonly string[] = []): RoomChange[] {
      head++
      const data: ApiMessage = {
        id: `m${head}`,
        numeric_id: head,
        room_id: roomId,
        seq: head,
        changed_seq: head,
        user_id: author,
        user: members.get(author)?.user ?? profileOf(author),
        type: "text",
        content: `said ${head}`,
        reply_to: null,
        thread_id: null,
        thread_count: 0,
        attachments: [],
        mentions: [...mentions],
        reactions: [],
        pinned: false,
        metadata: null,
        created_at: at(head),
        edited_at: null,
        deleted_at: null,
      }
      messages.push(data)
      return [{ type: "message.created", room_id: roomId, seq: head, data }]
    },
    edit: (place: number) =>
      stored(place, { content: `edited ${head + 1}`, edited_at: at(head + 1) }),
    react: (place: number) =>
      stored(place, { reactions: [{ emoji: "👍", count: head, users: [] }] }),
    remove: (place: number) => stored(place, { content: "", deleted_at: at(head + 1) }),
    join(id: string): RoomChange[] {
      if (members.get(id)?.left_at === null) return []
      return member(id, { left_at: null })
    },
    leave(id: string): RoomChange[] {
      if (members.get(id)?.left_at !== null) return []
      return member(id, { left_at: at(head + 1) })
    },
    rename(id: string): RoomChange[] {
      if (members.get(id)?.left_at !== null) return []
      const user = profileOf(id, `name ${head + 1}`)
      messages.forEach((it, place) => {
        if (it.user_id === id) messages[place] = { ...it, user }
      })
      return member(id, { user })
    },
    history({ before, after, around, limit = 50 }: HistoryQuery): readonly ApiMessage[] {
      if (before !== undefined) return messages.filter(({ seq }) => seq < before).slice(-limit)
      if (after !== undefined) return messages.filter(({ seq }) => seq > after).slice(0, limit)
      if (around === undefined) return messages.slice(-limit)
      const half = Math.floor(limit / 2)
      const earlier = messages.filter(({ seq }) => seq < around).slice(-half)
      return [...earlier, ...messages.filter(({ seq }) => seq >= around).slice(0, limit - half)]
    },
    changes(since: number, limit = 200): ApiChanges {
      const all = [...messages, ...members.values()]
        .filter(({ changed_seq }) => changed_seq > since)
        .sort((a, b) => a.changed_seq - b.changed_seq)
      const until = all.length > limit ? (all[limit - 1]?.changed_seq ?? head) : head
      const isTold = (it: { changed_seq: number }) =>
        it.changed_seq > since && it.changed_seq <= until
      return {
        epoch: "e1",
        head,
        until,
        recovered: true,
        messages: messages.filter(isTold),
        members: [...members.values()].filter(isTold),
        more: until < head,
      }
    },
    unread(me: string, lastReadSeq: number): ApiUnread {
      const unread = messages.filter(
        ({ seq, user_id, deleted_at }) =>
          seq > lastReadSeq && user_id !== me && deleted_at === null,
      )
      const calls = unread.filter(({ mentions }) => mentions.includes(me))
      return {
        room_id: roomId,
        unread: unread.length,
        mentions: calls.length,
        last_read_seq: lastReadSeq,
        head,
      }
    },
  }
}

export type RoomLog = ReturnType<typeof createRoomLog>
