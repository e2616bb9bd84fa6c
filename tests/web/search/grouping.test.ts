import { expect, test } from "bun:test"
import type { ApiSearchHit } from "../../../src/protocol/answers"
import { groupHits } from "../../../src/web/search/grouping"

const hit = (id: string, room: string): ApiSearchHit => ({
  snippet: id,
  message: {
    id,
    numeric_id: 1,
    room_id: room,
    seq: 1,
    changed_seq: 1,
    user_id: "u",
    user: { id: "u", username: "u", display_name: null, avatar_url: null },
    type: "text",
    content: id,
    reply_to: null,
    thread_id: null,
    thread_count: 0,
    attachments: [],
    mentions: [],
    reactions: [],
    pinned: false,
    metadata: null,
    created_at: "2026-01-01T00:00:00.000Z",
    edited_at: null,
    deleted_at: null,
  },
})

test("hits stand by room, rooms in the order of their best hit, and a message is there once", () => {
  const pages = [hit("a", "r1"), hit("b", "r2"), hit("c", "r1"), hit("a", "r1"), hit("d", "r2")]

  expect(
    groupHits(pages).map(({ roomId, hits }) => [roomId, hits.map(({ message }) => message.id)]),
  ).toEqual([
    ["r1", ["a", "c"]],
    ["r2", ["b", "d"]],
  ])
})
