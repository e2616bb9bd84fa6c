import type { User } from "../protocol/entities"
import { createAccountChanges } from "./account-changes"
import { createApiKeys } from "./api-keys"
import { createAttachments } from "./attachments"
import { createBans } from "./bans"
import { createBlocks } from "./blocks"
import { createClaimedUsers } from "./claimed-users"
import type { Database } from "./database"
import { createEndedSessions } from "./ended-sessions"
import { createExpiring } from "./expiring"
import { createIdentities } from "./identities"
import { createInvites } from "./invites"
import { createMembers } from "./members"
import { createTouchMemberships, type TouchedMemberships } from "./memberships"
import { createMentions } from "./mentions"
import { createMessageEdits } from "./message-edits"
import { createMessagePlaces } from "./message-places"
import { createMessageTraces } from "./message-traces"
import { createMessages } from "./messages"
import { createOverview } from "./overview"
import { createReactions } from "./reactions"
import { createReadHeads } from "./room-heads"
import { createRooms } from "./rooms"
import { createScheduledMessages } from "./scheduled-messages"
import { createSearch } from "./search"
import { createSessions } from "./sessions"
import { createUnread } from "./unread"
import { createUploads } from "./uploads"
import { createUsers } from "./users"

/** All that is kept: queries by noun, and the database that runs them. */
export function createStore(database: Database) {
  const { read, write, writeInRoom, append, changedElsewhere, close } = database
  const touchMemberships = createTouchMemberships(database)
  return {
    read,
    write,
    writeInRoom,
    append,
    changedElsewhere,
    close,
    users: createUsers(database),
    identities: createIdentities(database),
    claimedUsers: createClaimedUsers(database),
    accountChanges: createAccountChanges(database),
    sessions: createSessions(database),
    endedSessions: createEndedSessions(database),
    apiKeys: createApiKeys(database),
    rooms: createRooms(database),
    readHeads: createReadHeads(database),
    members: createMembers(database),
    unread: createUnread(database),
    touchMemberships,
    /**
     * What one write has left of it, each part in a write of its own. Where one fails, the rooms
     * behind it are not told; those who ask for their members see the new profile.
     */
    async touchFurther(
      user: Pick<User, "numericId">,
      from: TouchedMemberships["next"],
    ): Promise<void> {
      for (let after = from; after !== null; ) {
        const some = after
        after = await write(function* () {
          const { events, next } = yield* touchMemberships(user, some)
          return { result: next, events }
        })
      }
    },
    bans: createBans(database),
    invites: createInvites(database),
    blocks: createBlocks(database),
    messages: createMessages(database),
    mentions: createMentions(database),
    messageEdits: createMessageEdits(database),
    reactions: createReactions(database),
    messageTraces: createMessageTraces(database),
    expiring: createExpiring(database),
    scheduledMessages: createScheduledMessages(database),
    findPlaces: createMessagePlaces(database),
    uploads: createUploads(database),
    attachments: createAttachments(database),
    search: createSearch(database),
    overview: createOverview(database),
  }
}

export type Store = ReturnType<typeof createStore>
export type { FoundClaim } from "./claimed-users"
export type { Append, Database, SendingMember, SendingRoom } from "./database"
export type { RoomAndMember } from "./rooms"
export type { Waiting as WaitingMessage } from "./scheduled-messages"
export type { Script } from "./script"
export type { FoundText, SearchedRoom } from "./search"
export type { Phrase } from "./search-index"
export { openSqlite } from "./sqlite"
export type { Written } from "./write-queue"
