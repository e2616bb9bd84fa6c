/**
 * Entities in the words of Parley's own API. Pure, and on the path of every message:
 * `presentMessage` runs once per event, not once per receiver.
 */
import type {
  ApiAttachment,
  ApiBan,
  ApiChanges,
  ApiConversation,
  ApiInvite,
  ApiKeyView,
  ApiLinkPreview,
  ApiMember,
  ApiMessage,
  ApiMessageVersion,
  ApiPresence,
  ApiProfile,
  ApiReadMark,
  ApiRoom,
  ApiSendReceipt,
  ApiSession,
  ApiUnread,
  ApiUser,
} from "./answers"
import {
  type ApiKey,
  type Attachment,
  type Ban,
  type Invite,
  type LinkPreview,
  type Member,
  type Message,
  type MessageExtras,
  type MessageVersion,
  NO_EXTRAS,
  type OnlineMember,
  type Profile,
  type Room,
  type Session,
  type User,
} from "./entities"
import type { Instant } from "./ids"
import type { Changes, ReadMark, SendReceipt, Unread } from "./replies"
import type { ApiAdminUser } from "./server-answers"

let lastInstant: Instant = 0
let lastIsoTime = new Date(0).toISOString()

/** Remembers the last one: the messages of a batch, their events and their receipts share it. */
export function isoTime(instant: Instant): string {
  if (instant !== lastInstant) {
    lastInstant = instant
    lastIsoTime = new Date(instant).toISOString()
  }
  return lastIsoTime
}

const isoTimeOrNull = (instant: Instant | null) => (instant === null ? null : isoTime(instant))

export function presentUser(user: User): ApiUser {
  return {
    id: user.id,
    numeric_id: user.numericId,
    username: user.username,
    display_name: user.displayName,
    avatar_url: user.avatarUrl,
    created_at: isoTime(user.createdAt),
    last_seen_at: isoTimeOrNull(user.lastSeenAt),
  }
}

/** With the e-mail address: for the user's own eyes and for admins. */
export const presentUserWithEmail = (user: User): ApiUser => ({
  ...presentUser(user),
  email: user.email,
})

/** For the user's own eyes: what they are on this server, too. */
export const presentOwnUser = (user: User): ApiUser => ({
  ...presentUserWithEmail(user),
  role: user.role,
})

/** All of an account but its password: for those who run the server. */
export const presentAdminUser = (user: User): ApiAdminUser => ({
  ...presentUser(user),
  email: user.email,
  role: user.role,
  disabled_at: isoTimeOrNull(user.disabledAt),
})

export function presentProfile(profile: Profile): ApiProfile {
  return {
    id: profile.id,
    username: profile.username,
    display_name: profile.displayName,
    avatar_url: profile.avatarUrl,
  }
}

/** `userCount`: users present just now, which no stored row knows. */
export function presentRoom(room: Room, userCount: number): ApiRoom {
  return {
    id: room.id,
    name: room.name,
    type: room.type,
    topic: room.topic,
    max_users: room.maxUsers,
    members_can_invite: room.membersCanInvite,
    user_count: userCount,
    member_count: room.memberCount,
    created_by: room.createdBy,
    created_at: isoTime(room.createdAt),
    updated_at: isoTime(room.updatedAt),
    epoch: room.epoch,
    head: room.head,
  }
}

export function presentMember(member: Member): ApiMember {
  return {
    room_id: member.roomId,
    user_id: member.user.id,
    user: presentProfile(member.user),
    role: member.role,
    joined_at: isoTime(member.joinedAt),
    left_at: isoTimeOrNull(member.leftAt),
    muted_until: isoTimeOrNull(member.mutedUntil),
    changed_seq: member.changedSeq,
  }
}

/** The same as the data of a `presence` event. */
export const presentOnlineMember = ({ user, status }: OnlineMember): ApiPresence => ({
  user_id: user.id,
  username: user.username,
  status,
  last_seen_at: null,
})

export function presentMessage(message: Message): ApiMessage {
  const clientId = message.clientId === null ? undefined : { client_id: message.clientId }
  const extras = message.extras ?? NO_EXTRAS
  return {
    id: message.id,
    numeric_id: message.numericId,
    room_id: message.roomId,
    seq: message.seq,
    changed_seq: message.changedSeq,
    user_id: message.author.id,
    user: presentProfile(message.author),
    type: message.type,
    content: message.content,
    ...clientId,
    reply_to: message.replyTo,
    thread_id: message.threadId,
    thread_count: message.threadCount,
    attachments: extras.attachments.map(presentAttachment),
    mentions: [...extras.mentions],
    reactions: extras.reactions.map((it) => ({ ...it, users: [...it.users] })),
    ...rarities(message, extras),
    pinned: message.pinnedAt !== null,
    metadata: message.metadata,
    created_at: isoTime(message.createdAt),
    edited_at: isoTimeOrNull(message.editedAt),
    deleted_at: isoTimeOrNull(message.deletedAt),
  }
}

export const presentVersion = (version: MessageVersion): ApiMessageVersion => ({
  seq: version.seq,
  content: version.content,
  metadata: version.metadata,
  created_at: isoTime(version.createdAt),
})

/** What stands in a message only where there is something to say. */
function rarities(
  { expiresAt }: Message,
  { linkPreviews, forwardedFrom }: MessageExtras,
): Pick<ApiMessage, "link_previews" | "forwarded_from" | "expires_at"> {
  return {
    ...(linkPreviews.length === 0 ? {} : { link_previews: linkPreviews.map(presentLinkPreview) }),
    ...(forwardedFrom === null ? {} : { forwarded_from: forwardedFrom }),
    ...(expiresAt === null ? {} : { expires_at: isoTime(expiresAt) }),
  }
}

/** Addresses are on this server: whoever shows a message asks nobody else. */
export const presentAttachment = (it: Attachment): ApiAttachment => ({
  id: it.id,
  url: `/api/v1/uploads/${it.id}`,
  name: it.name,
  mime: it.mime,
  size: it.size,
  ...(it.width === null ? {} : { width: it.width }),
  ...(it.height === null ? {} : { height: it.height }),
  ...(it.hasThumbnail ? { thumbnail_url: `/api/v1/uploads/${it.id}/thumbnail` } : {}),
})

const presentLinkPreview = (it: LinkPreview): ApiLinkPreview => ({
  url: it.url,
  title: it.title,
  description: it.description,
  site_name: it.siteName,
})

export const presentReadMark = ({ userId, seq }: ReadMark): ApiReadMark => ({
  user_id: userId,
  seq,
})

export function presentBan(ban: Ban): ApiBan {
  return {
    room_id: ban.roomId,
    user_id: ban.user.id,
    user: presentProfile(ban.user),
    banned_by: ban.bannedBy,
    reason: ban.reason,
    created_at: isoTime(ban.createdAt),
    until: isoTimeOrNull(ban.until),
  }
}

export function presentInvite(invite: Invite): ApiInvite {
  return {
    code: invite.code,
    room_id: invite.roomId,
    created_by: invite.createdBy,
    created_at: isoTime(invite.createdAt),
    expires_at: isoTimeOrNull(invite.expiresAt),
    max_uses: invite.usesMax,
    uses: invite.uses,
  }
}

export const presentConversation = (
  room: Room,
  userCount: number,
  people: readonly Profile[],
): ApiConversation => ({ ...presentRoom(room, userCount), users: people.map(presentProfile) })

export function presentSession(session: Session, currentId: string | null): ApiSession {
  return {
    id: session.id,
    created_at: isoTime(session.createdAt),
    last_used_at: isoTime(session.lastUsedAt),
    expires_at: isoTime(session.expiresAt),
    user_agent: session.userAgent,
    address: session.address,
    current: session.id === currentId,
  }
}

export function presentApiKey(key: ApiKey): ApiKeyView {
  return {
    id: key.id,
    name: key.name,
    scopes: [...key.scopes],
    created_at: isoTime(key.createdAt),
    expires_at: isoTimeOrNull(key.expiresAt),
    last_used_at: isoTimeOrNull(key.lastUsedAt),
  }
}

export function presentSendReceipt({ message, duplicate }: SendReceipt): ApiSendReceipt {
  return {
    id: message.id,
    numeric_id: message.numericId,
    room_id: message.roomId,
    seq: message.seq,
    created_at: isoTime(message.createdAt),
    duplicate,
  }
}

export function presentChanges(changes: Changes): ApiChanges {
  const { room, userCount, roomChanged } = changes
  return {
    epoch: room.epoch,
    head: room.head,
    until: changes.until,
    recovered: changes.recovered,
    ...(roomChanged ? { room: presentRoom(room, userCount) } : {}),
    messages: changes.messages.map(presentMessage),
    members: changes.members.map(presentMember),
    more: changes.more,
  }
}

export function presentUnread(unread: Unread): ApiUnread {
  return {
    room_id: unread.roomId,
    unread: unread.unread,
    mentions: unread.mentions,
    last_read_seq: unread.lastReadSeq,
    head: unread.head,
  }
}
