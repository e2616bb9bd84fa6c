import type { PresenceRules } from "../core/presence"
import type { Voice } from "../dialects/dialect"
import type { Event } from "../protocol/events"
import { LIMITS } from "../protocol/limits"
import type { Connection, Publish } from "./connection"
import type { Connections } from "./connections"
import { onlineTopic } from "./topics"

export interface TellOnlineDeps {
  readonly voices: readonly Voice[]
  readonly connections: Connections
  readonly presence: Pick<PresenceRules, "findCompany">
  readonly publish: Publish
  /** How many sockets of this node listen to a topic. */
  readonly listenerCount: (topic: string) => number
  readonly inBackground: (task: Promise<unknown>, name: string) => void
}

type OnlineEvent = Extract<Event, { type: "user.online" | "user.offline" }>

/**
 * Tells who comes online and goes, in protocols that tell everybody. Where there are many, only
 * those who share a room with the user are told: everybody told of everybody would be quadratic.
 */
export function createTellOnline(deps: TellOnlineDeps) {
  const { connections, presence, publish, listenerCount, inBackground } = deps
  const voices = deps.voices.filter(({ hearsWhoIsOnline }) => hearsWhoIsOnline)

  return function tellOnline(event: OnlineEvent): void {
    const listeners = voices.reduce((sum, voice) => sum + listenerCount(onlineTopic(voice)), 0)
    if (listeners === 0) return
    if (listeners <= LIMITS.onlineAudienceMax) tellEverybody(event)
    else inBackground(tellCompany(event), "tell who came online or went")
  }

  function tellEverybody(event: OnlineEvent): void {
    const own = connections
      .ofUser(event.user.numericId)
      .filter(({ voice }) => voice.hearsWhoIsOnline)
    for (const it of own) it.unfollow(onlineTopic(it.voice))
    for (const voice of voices) {
      const frame = voice.encodeEvent(event)
      if (frame !== null) publish(onlineTopic(voice), frame)
    }
    for (const it of own) it.follow(onlineTopic(it.voice))
  }

  async function tellCompany(event: OnlineEvent): Promise<void> {
    const frames = new Map(voices.map((voice) => [voice, voice.encodeEvent(event)]))
    const tell = (connection: Connection) => {
      const frame = frames.get(connection.voice)
      if (frame !== null && frame !== undefined) connection.send(frame)
    }
    for (const user of await presence.findCompany(event.user)) {
      for (const connection of connections.ofUser(user)) tell(connection)
    }
  }
}

export type TellOnline = ReturnType<typeof createTellOnline>
