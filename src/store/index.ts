import { createAccountChanges } from "./account-changes"
import { createApiKeys } from "./api-keys"
import { createBans } from "./bans"
import { createBlocks } from "./blocks"
import { createClaimedUsers } from "./claimed-users"
import type { Database } from "./database"
import { createEndedSessions } from "./ended-sessions"
import { createIdentities } from "./identities"
import { createInvites } from "./invites"
import { createMembers } from "./members"
import { createTouchMemberships } from "./memberships"
import { createMessagePlaces } from "./message-places"
import { createMessages } from "./messages"
import { createReadHeads } from "./room-heads"
import { createRooms } from "./rooms"
import { createSessions } from "./sessions"
import { createUsers } from "./users"

/** All that is kept: queries by noun, and the database that runs them. */
export function createStore(database: Database) {
  const { queries, read, write, append, changedElsewhere, close } = database
  const rooms = createRooms(queries)
  const members = createMembers(queries)
  return {
    read,
    write,
    append,
    changedElsewhere,
    close,
    users: createUsers(queries),
    identities: createIdentities(queries),
    claimedUsers: createClaimedUsers(queries),
    accountChanges: createAccountChanges(queries),
    sessions: createSessions(queries),
    endedSessions: createEndedSessions(queries),
    apiKeys: createApiKeys(queries),
    rooms,
    readHeads: createReadHeads(queries),
    members,
    touchMemberships: createTouchMemberships({ rooms, members }),
    bans: createBans(queries),
    invites: createInvites(queries),
    blocks: createBlocks(queries),
    messages: createMessages(queries),
    findPlaces: createMessagePlaces(queries),
  }
}

export type Store = ReturnType<typeof createStore>
export type { FoundClaim } from "./claimed-users"
export type { Append, Database, SendingMember, SendingRoom } from "./database"
export type { RoomAndMember } from "./rooms"
export type { Script } from "./script"
export { openSqlite } from "./sqlite"
export type { Written } from "./write-queue"
