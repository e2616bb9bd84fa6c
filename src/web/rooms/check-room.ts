import { LIMITS } from "../../protocol/limits"
import type { Strings } from "../strings"

export interface RoomWish {
  readonly name: string
  readonly topic: string
  readonly type: "public" | "private"
  readonly membersCanInvite: boolean
  /** As it was typed. */
  readonly maxUsers: string
}

/** As the server has it (protocol/requests.ts). */
const PRESENT_MAX = 100_000

const lengthOf = (text: string) => [...text.trim()].length

/** What of it the server would refuse, by field. */
export function checkRoom(
  wish: RoomWish,
  words: Strings["rooms"],
): Readonly<Partial<Record<keyof RoomWish, string>>> {
  const length = lengthOf(wish.name)
  const isTopicLong = lengthOf(wish.topic) > LIMITS.roomTopicCharsMax
  const isCount = /^\d+$/.test(wish.maxUsers.trim()) && Number(wish.maxUsers) <= PRESENT_MAX
  return {
    ...(length === 0 ? { name: words.nameNeeded } : {}),
    ...(length > LIMITS.roomNameCharsMax ? { name: words.nameLong } : {}),
    ...(isTopicLong ? { topic: words.topicLong } : {}),
    ...(isCount ? {} : { maxUsers: words.maxUsersShape }),
  }
}

/** What is asked of the server; of a wish that was checked. */
export function roomOf(wish: RoomWish) {
  const topic = wish.topic.trim()
  return {
    name: wish.name.trim(),
    type: wish.type,
    topic: topic === "" ? null : topic,
    members_can_invite: wish.membersCanInvite,
    max_users: Number(wish.maxUsers),
  }
}
