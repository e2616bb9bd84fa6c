/**
 * Frames, events and limits in words, for docs/protocol.md and /asyncapi.json. By type: what is
 * new asks for its words.
 */

import type { LIMITS } from "../../protocol/limits"
import type { CLOSE_CODES, ClientFrame } from "../../protocol/socket-frames"
import type { ToldEvent } from "./encode"
import type { REPLY_EXAMPLES } from "./examples"

interface CommandProse {
  readonly does: string
  /** Which reply its `ok` is. */
  readonly reply: keyof typeof REPLY_EXAMPLES
  /** Of fields, where name and type don't say enough. */
  readonly fields: Readonly<Record<string, string>>
}

const ROOM_ID = "1 to 100 of letters, digits and `_ . -`"

export const COMMANDS: Readonly<Record<ClientFrame["type"], CommandProse>> = {
  auth: {
    does: "Says who this is, where the upgrade did not. Sent again with a fresh token of the same user (`POST /api/v1/auth/refresh` gives one), the connection outlives the first one.",
    reply: "authenticated",
    fields: { token: "an access token" },
  },
  subscribe: {
    does: "From here on the room's events come, and the answer tells what is needed to begin. `all` means every room of which the user is a member, now and later; it may stand beside `rooms`. The answer has a part for each room, and a room that is refused does not hinder the others. `room_full` comes here and nowhere else: a room's `max_users` counts who is present, and its members may be more.",
    reply: "subscribed",
    fields: {
      "rooms[].room_id": ROOM_ID,
      "rooms[].epoch": "with `since`: resume, see below",
      "rooms[].since": "the last seq that the client has seen",
    },
  },
  unsubscribe: {
    does: "Hears no more of these rooms. Membership stays.",
    reply: "done",
    fields: { room_ids: "rooms that are not heard are passed over" },
  },
  "message.send": {
    does: "Stores a message. In a public room the sender becomes a member. Answered when it is on the disk; the event comes to everybody who hears the room, the sender too.",
    reply: "sent",
    fields: {
      room_id: ROOM_ID,
      content:
        "1 character to `hello.limits.max_message_length`, or none beside attachments; of `image` and `file`, an http or https address or a path on this server. `@username` mentions a member of the room, `@room` everybody in it; up to 50 names are looked up",
      reply_to: "a message of the same room that is not deleted",
      thread_id:
        "one that is in no thread itself; the message then counts in its `thread_count`, which is told as `message.updated`",
      type: "`system` is for moderators, owners and admins",
      client_id:
        "1 to 128 characters, chosen by the sender. The same again gives the first receipt with `duplicate: true` and stores nothing; with other content it is a `conflict`",
      attachment_ids: "the sender's own uploads (`POST /api/v1/uploads`), each once: up to 10",
      metadata: "the sender's own JSON, given back as it was: at most 8 KiB, 32 levels deep",
      expires_at:
        "ISO 8601, with a zone, at most 365 days ahead: then it is deleted, which is told as `message.deleted`",
      link_previews:
        "false: none of what it links to. An address in angle brackets (`<https://…>`) has none either",
    },
  },
  "message.forward": {
    does: "Says a message again in another room, or in the same one, as one of the sender's own: content, type, metadata and attachments are repeated, and `forwarded_from` names the message where it was said first. It mentions nobody, and counts as a message sent. System messages are not forwarded, and deleted ones are not found.",
    reply: "sent",
    fields: {
      message_id: "any message that the user may read",
      room_id: "where it is said again",
      client_id:
        "as of `message.send`; the same again gives the first receipt, even where the message has changed since",
    },
  },
  "message.edit": {
    does: "Lets one's own message say something else, where one may send; what is left out stays. What was forwarded stays as it was said: `forbidden`. What it said before is kept: `GET /api/v1/messages/{id}/history`. Edits, deletions, reactions and pins of a user together are as many a minute as typing notices (`CHAT_MAX_TYPING_PER_MIN`). As of all that changes a message: what is so already changes nothing and takes no seq, everybody who hears the room is told, and the answer is the whole message.",
    reply: "changed",
    fields: {
      message_id: "of a message that is not deleted",
      content: "as of `message.send`; given this or `metadata`",
      metadata: "null takes it away",
    },
  },
  "message.delete": {
    does: "Deletes a message: one's own, or in a room that one runs anybody's. It keeps its place, without content.",
    reply: "changed",
    fields: { message_id: "one that is deleted already stays so" },
  },
  "reaction.add": {
    does: "Reacts to a message, each with one emoji once, and with as many as they like. For members who may speak: reacting makes no member.",
    reply: "changed",
    fields: {
      message_id: "of a message that is not deleted",
      emoji:
        "an emoji, or a name as in `:shrug:`: without spaces and controls; read as Unicode's NFC",
    },
  },
  "reaction.remove": {
    does: "Takes one's own reaction back.",
    reply: "changed",
    fields: { message_id: "of a message that is not deleted", emoji: "as of `reaction.add`" },
  },
  "message.pin": {
    does: "Holds a message up for the room: for moderators, owners and admins, and in no conversation. `GET /api/v1/rooms/{id}/pins` lists them.",
    reply: "changed",
    fields: { message_id: "of a message that is not deleted" },
  },
  "message.unpin": {
    does: "Holds it up no more.",
    reply: "changed",
    fields: { message_id: "of a message that is not deleted" },
  },
  history: {
    does: "Reads a part of a room's history, oldest first; without a place, the newest. All messages of the room stand in it, those of threads too. At most one of `before`, `after` and `around`. Where they would be more than `answerCharsMax` characters of JSON, only those next to that place are told: there are more until none comes.",
    reply: "history",
    fields: {
      room_id: ROOM_ID,
      before: "a seq, itself left out",
      after: "a seq, itself left out",
      around: "a seq, in the middle of the page",
    },
  },
  typing: {
    does: "Tells the room that the user types, or no longer does. Ends by itself after ten seconds, on sending, on leaving, on being muted or banned, and when the last connection goes.",
    reply: "done",
    fields: { room_id: ROOM_ID },
  },
  read: {
    does: "Moves the user's read mark forward, never back.",
    reply: "done",
    fields: { room_id: ROOM_ID, seq: "at most the room's head" },
  },
  presence: {
    does: "Says how the user is there, on all their connections.",
    reply: "done",
    fields: {},
  },
  ping: { does: "Asks for the time.", reply: "pong", fields: {} },
}

export const EVENTS: Readonly<Record<ToldEvent, string>> = {
  "message.created":
    "A message was stored. `data` is the whole of it; where it is told late, as it is by then, and `seq` is its `changed_seq`.",
  "message.updated":
    "A message was changed: edited, reacted to, pinned, answered in its thread, given previews of what it links to. `data` is the whole of it as it is now, `seq` its `changed_seq`.",
  "message.deleted":
    "A message was deleted, or has expired; it keeps its place, and what it answers and its thread with it, without content. What is left of it may change on, as its thread does, and is then told so again.",
  "member.joined": "Somebody became a member.",
  "member.left":
    "Somebody is no longer one. Whoever it was hears this as the last of the room's events, and then `room.removed`. When an account is deleted, its sockets are closed after it.",
  "member.updated": "A member's role or profile changed, or they were muted or may speak again.",
  "room.updated": "The room's name, topic, type or bounds changed.",
  "room.deleted": "The room is no more, and nothing comes after.",
  "room.added": "To one user's connections: they are now a member of this room.",
  "room.removed": "To one user's connections: they are a member no longer.",
  read: "A member has read up to here.",
  typing: "Somebody types, or no longer does. Not told to themselves.",
  presence:
    "Somebody who shares a room comes, goes or changes how they are there. `offline` comes two seconds after their last connection went. Rooms with more than 500 users present are not told. Who is online already is told by `GET /api/v1/rooms/{id}/presence`, at most 500 members: subscribe, then ask. Who is online when they join brings a `member.joined` and no `presence`: ask again, or wait for their next change.",
}

export const CLOSES: Readonly<Record<keyof typeof CLOSE_CODES, string>> = {
  shutdown: "The server stops. A `notice` said when to come back.",
  interrupted:
    "Only of an event stream: what the client missed could not be read. Come back in a while.",
  slowConsumer:
    "The client left too much unread. It hears nothing more once that is so, and this as soon as it has read the rest. Nothing is lost: resume.",
  pongTimeout: "Nothing was heard for `CHAT_PONG_WAIT`, pongs included.",
  authTimeout: "No `auth` came in time.",
  tokenExpired: "The access token ran out and no fresh one came.",
  revoked:
    "The session or the key was ended: a refresh does not help. Log in again, or take another key.",
  protocolViolation:
    "Too many frames, and they went on after having been refused: more than ten seconds' worth of refusals, of which a sixth is forgotten every ten seconds.",
  disabled: "The account was disabled or deleted.",
  tooManyConnections: "The user has as many connections as they may.",
  removed:
    "Only in `room-path`, where a connection is there for one room: it may be in it no more.",
}

export const LIMITS_PROSE: Readonly<Record<keyof typeof LIMITS, string>> = {
  frameBytesMax: "bytes of a frame; beyond it `payload_too_large`, and the socket stays",
  socketPayloadBytesMax: "bytes of a frame; beyond it the socket closes with 1009",
  socketBacklogBytesMax: "bytes that a client may leave unread before it is cut off without a word",
  backlogNoticeBytes:
    "unread bytes from which on a client is slow: `notice`, and no typing and presence",
  backlogRecoveredBytes: "unread bytes at which it no longer is",
  backlogCloseBytes: "unread bytes at which a client is told nothing more and goes with 4008",
  toldAtOnceCharsMax: "characters told before those who listen have a turn to read, about",
  backlogLookChars: "characters that not everybody could take between two looks at who is slow",
  backlogReadMsMax: "ms to read what comes before the close frame of 4008",
  pendingFramesMax: "frames of a connection that wait for their answers; beyond it `overloaded`",
  roomsPerFrameMax: "rooms in one `subscribe` or `unsubscribe`",
  roomsPerFrameCounted: "rooms of a `subscribe` that count as one more frame",
  attachmentsPerMessageMax: "attachments of one message",
  mentionsPerMessageMax: "names that are looked up for the mentions of one message",
  unreadCountedMax: "unread messages of a room that are counted, and mentions",
  readsMembersMax: "members of a room that tells how far each has read",
  reactionsPerMessageMax: "emoji that one message is reacted to with; beyond it `conflict`",
  emojiCharsMax: "characters of an emoji",
  pinsPerRoomMax: "messages of one room that are pinned at the same time; beyond it `conflict`",
  scheduledPerUserMax: "messages of one user that wait to be sent; beyond it `conflict`",
  daysAheadMax: "days ahead for which a message may be scheduled, and after which it expires",
  reactorsListedMax: "users of a reaction who are named; the rest are counted",
  cursorCharsMax: "characters of the `id` of an event stream",
  changesPerPageMax: "changes told at a time to a client that resumes",
  answerCharsMax:
    "characters of JSON told in one answer to `subscribe`, about; then `more`. And in one to `history`",
  freshMessages: "messages told to a client that starts afresh",
  listLimitDefault: "entries of a list or page, unless `limit` says otherwise",
  listLimitMax: "entries of a list or page",
  searchCharsMax: "characters of what a search looks for",
  searchTermsMax: "words of what a search looks for",
  searchRankedMax: "messages that a search ranks: the newest that it finds",
  searchCatchUpMax: "new messages that a search waits for; `X-Search-Behind` counts the others",
  searchesPerMinuteMax: "searches of a user a minute",
  jsonDepthMax: "levels of JSON in `metadata`",
  metadataBytesMax: "bytes of JSON in `metadata`",
  linkPreviewsPerMessageMax: "links of one message that are shown previews of",
  linkPreviewsPerMinuteMax: "links of one user's messages that are looked at, a minute",
  linkPreviewsPerSitePerMinuteMax: "requests for previews to one address of the network, a minute",
  linkPreviewsAtOnceMax: "pages that a server fetches for previews at a time",
  linkPreviewsWaitingMax: "pages that wait to be fetched; beyond it there is no preview",
  linkPreviewMsMax: "ms that fetching a page for a preview may take",
  linkPreviewConnectMsMax: "ms of these until the connection stands",
  linkPreviewRedirectsMax: "redirects that are followed for a preview",
  linkPreviewPageBytesMax: "bytes that are read of a page for a preview",
  linkPreviewTitleCharsMax: "characters of a preview's `title`, and of its `site_name`",
  linkPreviewDescriptionCharsMax: "characters of a preview's `description`",
  roomNameCharsMax: "characters of a room's name",
  roomTopicCharsMax: "characters of a room's topic",
  sanctionReasonCharsMax: "characters of the reason for a ban or a mute",
  displayNameCharsMax: "characters of a display name",
  addressCharsMax: "characters of an `avatar_url`",
  clientIdCharsMax: "characters of a `client_id`, and of a frame's `id`",
  conversationPeopleMax: "people of one conversation",
  invitesPerMemberMax: "of these, by one member who does not moderate",
  invitesPerRoomMax: "invites of one room that are good at the same time",
  keysPerUserMax: "API keys of one user that are good at the same time; beyond it `conflict`",
  profileChangesPerMinuteMax: "changes of one's profile a minute",
  claimedUsersPerMinuteMax:
    "users made a minute for clients whose ids are trusted, of all together",
  fileReadsPerRestRequestMax:
    "times `CHAT_HTTP_MAX_PER_MIN`: uploads and thumbnails that an address may ask for a minute, apart from its other requests",
  restBodyBytesMax: "bytes of a REST body; beyond it `payload_too_large`",
  requestBytesMax:
    "bytes of a request, on top of `CHAT_MAX_UPLOAD_BYTES`; beyond it a bare 413, and the connection ends",
  uploadEnvelopeBytesMax: "bytes of an upload's body around its file",
  uploadNameCharsMax: "characters of a file's name; the rest is cut off, but for its ending",
  uploadsAtOnceMax: "uploads of one user at the same time; beyond it `rate_limited`",
  looseUploadBytesMax:
    "bytes of a user's uploads that no message shows, beyond which another is a `conflict`",
  looseUploadMs: "ms that an upload is kept which nothing shows",
  thumbnailPixelsMax: "pixels of either side of a thumbnail",
  picturePixelsMax: "pixels of a picture that is looked at; a larger one has no thumbnail",
  authFrameMsMax: "ms to send `auth` in, where the upgrade had no credentials",
  heartbeatMs: "ms between heartbeats",
  typingMs: "ms until a typing notice ends by itself",
  offlineGraceMs: "ms after the last connection until a user is offline",
  presenceAudienceMax:
    "users present in a room that is told who comes and goes; members who are told to be online",
  presenceRoomsMax: "rooms of a user that are told",
  newNamesPerMinuteMax: "rooms that come about in a minute because a user joins names",
  presentListedMax: "users present in a room who are told by name",
  presentInListsMax: "the same, for all rooms of a list together",
  roomCommandsContentCharsMax: "characters of a message that is sent by `room-commands`",
  roomsListedMax: "rooms in an answer to `list_rooms` of `room-commands`",
  onlineAudienceMax:
    "Socket.IO sockets up to which all of them hear who comes online; beyond it those who share a room",
  socketIoRoomsContentCharsMax: "characters of a message that is sent by `socketio-rooms`",
  writeQueueMax: "writes that wait for the next commit; beyond it `overloaded`",
}
