import type { Files } from "../files"
import type { BusMessage } from "../protocol/events"
import { LIMITS } from "../protocol/limits"
import { createAnnouncements } from "./announcements"
import { createBlocks } from "./blocks"
import { createChanging } from "./changing"
import { createComposing } from "./composing"
import { createConversations } from "./conversations"
import type { ChatDeps } from "./deps"
import { createDueWork, type DueWorkDeps } from "./due-work"
import { createEntering } from "./entering"
import { createExpiry } from "./expiry"
import { createForwarding } from "./forwarding"
import { createInvites } from "./invites"
import { createLinkPreviews } from "./link-previews"
import { createMembers } from "./members"
import { createMessageChanges } from "./message-changes"
import { createMessages } from "./messages"
import { createModeration } from "./moderation"
import { createNaming } from "./naming"
import { createOverview } from "./overview"
import { createPairs } from "./pairs"
import { createPins } from "./pins"
import { createPlaces } from "./places"
import { createPresenceRules } from "./presence"
import type { LimitRate } from "./rate-limit"
import { createReactions } from "./reactions"
import { createReplay } from "./replay"
import { createResuming } from "./resuming"
import { createRooms } from "./rooms"
import { createScheduling } from "./scheduling"
import { createSearchRules } from "./search"
import { createIndexing } from "./search-indexing"
import { createSendingDue } from "./sending-due"
import { createStatistics } from "./statistics"
import { createSync } from "./sync"
import { createThreads } from "./threads"
import { createTyping } from "./typing"
import { createUploadRemoval } from "./upload-removal"
import { createUploads } from "./uploads"
import { createUsers } from "./users"

interface ChatOptions extends ChatDeps {
  readonly files: Files
  readonly limitRate: LimitRate
  readonly inBackground: (task: Promise<unknown>, name: string) => void
  /** A scheduled message was sent. */
  readonly onSent?: (() => void) | undefined
  /** How it is looked for what is due: see `createDueWork`. */
  readonly looking?: Pick<DueWorkDeps, "everyMs" | "spreadMs"> | undefined
  /** How long after a message its words are taken into the index; without it, a moment. */
  readonly indexAfterMs?: number | undefined
}

/** The chat itself: every rule, behind one function for each thing that can be asked. */
export function createChat(deps: ChatOptions) {
  const { store, settings, limitRate, inBackground } = deps
  const sends = limitRate("messages", settings.messagesPerMinuteMax)
  const joins = limitRate("joins", settings.joinsPerMinuteMax)
  const notices = limitRate("typing", settings.typingPerMinuteMax)

  // Told to as many as a typing notice is, so there may be as many.
  const statuses = limitRate("statuses", settings.typingPerMinuteMax)

  // Edits, deletions, reactions and pins together. Each is told to the whole room, as typing is.
  const changes = limitRate("message-changes", settings.typingPerMinuteMax)

  const rooms = createRooms(deps)
  const members = createMembers({ ...deps, rooms, joins })
  const newNames = limitRate("new-names", LIMITS.newNamesPerMinuteMax)
  const naming = createNaming({ ...deps, rooms, newNames })
  const entering = createEntering({ ...deps, rooms, members, naming, joins })
  const typing = createTyping({ ...deps, rooms, notices })
  const composing = createComposing(deps)
  const linkPreviews = createLinkPreviews({
    ...deps,
    looks: limitRate("link-previews", LIMITS.linkPreviewsPerMinuteMax),
  })
  const messages = createMessages({
    ...deps,
    rooms,
    members,
    naming,
    composing,
    linkPreviews,
    typing,
    sends,
    joins,
  })
  const changing = createChanging({ ...deps, rooms, changes })
  const messageChanges = createMessageChanges({ ...deps, changing, composing, linkPreviews })
  const scheduling = createScheduling({ ...deps, rooms, composing, sends })
  const onTrouble = (error: unknown) =>
    deps.inBackground(Promise.reject(error), "do what is due by the clock")
  const { sendDue } = createSendingDue({
    ...deps,
    messages,
    linkPreviews,
    onSent: deps.onSent ?? (() => undefined),
    onTrouble,
  })
  const { sweepExpired } = createExpiry({ ...deps, messageChanges })
  const dueWorks = [sendDue, sweepExpired].map((turn) =>
    createDueWork({ turn, now: deps.now, onTrouble, ...deps.looking }),
  )
  const sync = createSync({ ...deps, rooms })
  const presence = createPresenceRules({ ...deps, rooms, typing, statuses })
  const moderation = createModeration({ ...deps, rooms, members })
  const invites = createInvites({ ...deps, rooms, members, joins })
  const conversations = createConversations({ ...deps, rooms, joins })
  const pairs = createPairs({ ...deps, conversations })
  const blocks = createBlocks(deps)
  const uploadRemoval = createUploadRemoval(deps)
  const uploads = createUploads({
    ...deps,
    rooms,
    removal: uploadRemoval,
    rate: limitRate("uploads", settings.uploadsPerMinuteMax),
  })
  const indexing = createIndexing({
    store,
    onTrouble: (error) => inBackground(Promise.reject(error), "index messages"),
    afterMs: deps.indexAfterMs,
  })
  const users = createUsers({
    ...deps,
    members,
    changes: limitRate("profile-changes", LIMITS.profileChangesPerMinuteMax),
  })

  return {
    rooms,
    members,
    entering,
    moderation,
    invites,
    conversations,
    pairs,
    typing,
    messages,
    forwarding: createForwarding({ ...deps, rooms, messages }),
    threads: createThreads({ ...deps, rooms }),
    announcements: createAnnouncements({ ...deps, composing }),
    messageChanges,
    reactions: createReactions({ ...deps, changing }),
    pins: createPins({ ...deps, rooms, changing }),
    scheduling,
    sendDue,
    sweepExpired,
    sync,
    resuming: createResuming({ ...deps, rooms }),
    presence,
    places: createPlaces(deps),
    replay: createReplay(deps),
    users,
    uploads,
    uploadRemoval,
    blocks,
    indexing,
    search: createSearchRules({
      ...deps,
      rooms,
      indexing,
      searches: limitRate("searches", LIMITS.searchesPerMinuteMax),
    }),
    overview: createOverview(deps),
    statistics: createStatistics({ ...deps, typing }),
    /** Something has happened, here or on another node. */
    heed(message: BusMessage): void {
      typing.heed(message)
      presence.heed(message)
      indexing.heed(message)
    },
    /** From here on what is due by the clock is done. */
    start(): void {
      for (const work of dueWorks) work.start()
      uploadRemoval.start()
      indexing.start()
    },
    /** Ends every timer, and notes who was here. */
    async close(): Promise<void> {
      indexing.stop()
      typing.close()
      uploadRemoval.stop()
      await Promise.all(dueWorks.map((work) => work.stop()))
      await linkPreviews.settled()
      await presence.close()
    },
  }
}

export type Chat = ReturnType<typeof createChat>
