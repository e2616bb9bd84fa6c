import { describe, expect, test } from "bun:test"
import {
  canActOn,
  canChangeRoom,
  canInvite,
  canJoin,
  canModerate,
  canSee,
  canSendType,
  isMuted,
} from "../../src/core/access"
import type { Member, Role, Room, User } from "../../src/protocol/entities"
import { ROLES, ROOM_TYPES } from "../../src/protocol/entities"
import { asRoomId, asRoomNumericId, asUserId, asUserNumericId } from "../../src/protocol/ids"

const user = (role: User["role"]): User => ({
  id: asUserId("u"),
  numericId: asUserNumericId(1),
  username: "ann",
  displayName: null,
  avatarUrl: null,
  email: null,
  role,
  createdAt: 0,
  lastSeenAt: null,
  disabledAt: null,
})
const member = (role: Role, more: Partial<Member> = {}): Member => ({
  roomId: asRoomId("r"),
  user: user("user"),
  role,
  joinedAt: 0,
  leftAt: null,
  mutedUntil: null,
  muteReason: null,
  lastReadSeq: 0,
  changedSeq: 1,
  ...more,
})
const room = (type: Room["type"], more: Partial<Room> = {}): Room => ({
  id: asRoomId("r"),
  numericId: asRoomNumericId(1),
  name: "general",
  type,
  topic: null,
  maxUsers: 0,
  membersCanInvite: false,
  memberCount: 1,
  createdBy: null,
  creatorNumericId: null,
  directKey: null,
  createdAt: 0,
  updatedAt: 0,
  epoch: "e",
  head: 1,
  changedSeq: 1,
  isBlocked: false,
  archivedAt: null,
  deletedAt: null,
  ...more,
})
const [plain, admin] = [user("user"), user("admin")]
const roles = (can: (role: Role) => boolean) => ROLES.filter(can)

describe("who may do what", () => {
  test("a public room is seen by all, the others by their current members, a deleted one by none", () => {
    const gone = member("owner", { leftAt: 1 })
    expect(ROOM_TYPES.filter((type) => canSee(room(type), null))).toEqual(["public"])
    expect(ROOM_TYPES.filter((type) => canSee(room(type), gone))).toEqual(["public"])
    expect(ROOM_TYPES.filter((type) => canSee(room(type), member("member")))).toEqual([
      ...ROOM_TYPES,
    ])
    expect(
      ROOM_TYPES.filter((type) => canSee(room(type, { deletedAt: 1 }), member("owner"))),
    ).toEqual([])
  })

  test("only a public room that lives is joined without an invitation", () => {
    expect(ROOM_TYPES.filter((type) => canJoin(room(type)))).toEqual(["public"])
    expect(canJoin(room("public", { deletedAt: 1 }))).toBe(false)
  })

  test("a mute ends at its instant", () => {
    expect([9, 10, 11].map((now) => isMuted(member("member", { mutedUntil: 10 }), now))).toEqual([
      true,
      false,
      false,
    ])
    expect(isMuted(member("member"), 0)).toBe(false)
  })

  test("system messages: moderators, owners and admins", () => {
    expect(roles((role) => canSendType("system", member(role), plain))).toEqual([
      "moderator",
      "owner",
    ])
    expect(roles((role) => canSendType("system", member(role), admin))).toEqual([...ROLES])
    expect(roles((role) => canSendType("text", member(role), plain))).toEqual([...ROLES])
  })

  test("inviting: moderators, owners and admins, and members where the room says so", () => {
    const open = room("private", { membersCanInvite: true })
    expect(roles((role) => canInvite(room("private"), member(role), plain))).toEqual([
      "moderator",
      "owner",
    ])
    expect(roles((role) => canInvite(open, member(role), plain))).toEqual([...ROLES])
    expect(canInvite(room("private"), member("member"), admin)).toBe(true)
  })

  test("changing and deleting the room, and setting roles: owners and admins", () => {
    expect(roles((role) => canChangeRoom(member(role), plain))).toEqual(["owner"])
    expect(canChangeRoom(member("owner", { leftAt: 1 }), plain)).toBe(false)
    expect(canChangeRoom(null, plain)).toBe(false)
    expect(canChangeRoom(null, admin)).toBe(true)
  })

  test("removing, banning, muting: moderators those below them, owners and admins everybody", () => {
    const targets = (by: Member | null, who: User) => roles((role) => canActOn(role, by, who))
    expect(targets(member("member"), plain)).toEqual([])
    expect(targets(member("moderator"), plain)).toEqual(["member"])
    expect(targets(member("owner"), plain)).toEqual([...ROLES])
    expect(targets(member("owner", { leftAt: 1 }), plain)).toEqual([])
    expect(targets(null, plain)).toEqual([])
    expect(targets(null, admin)).toEqual([...ROLES])

    expect(roles((role) => canModerate(member(role), plain))).toEqual(["moderator", "owner"])
    expect([canModerate(null, plain), canModerate(null, admin)]).toEqual([false, true])
  })
})
