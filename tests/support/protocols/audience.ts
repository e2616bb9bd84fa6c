import { expect } from "bun:test"
import { LIMITS } from "../../../src/protocol/limits"
import { holdTimers } from "../held-timers"
import { changeRows } from "../rows"
import type { TestSocket } from "../socket"
import { waitUntil } from "../wait"
import { nativeProtocol } from "./native"
import type { AnyFrame, Guest, Place, Protocol, Speaker } from "./speaker"
import type { Stage } from "./stage"
import { type Facts, type Happening, tellsOf } from "./told"

/** Bob, in one room by every protocol at once, and ann, who is online and elsewhere. */
export interface Audience {
  readonly ann: Guest
  readonly bob: Guest
  readonly place: Place
  /** All were told this of ann, each in their own words and once, and nothing else. Null: nothing. */
  expectTold(happening: Happening | null, facts?: Partial<Facts>): Promise<void>
  /** Frames of these types came natively, in this order, and nothing in any other protocol. */
  expectNativeAlone(types: readonly string[]): Promise<void>
  /** Another direct room of ann. */
  directElsewhere(): Promise<Place>
  /** Ann's connection that keeps her online ends, and the time in which she may come back. */
  leaveHome(): Promise<void>
  comeHome(): Promise<void>
  /** The same of a speaker, the last of its user. */
  endLast(speaker: Speaker): Promise<void>
  close(): void
}

interface AudienceOptions {
  readonly protocols: readonly Protocol[]
  readonly isDirect: boolean
}

const TOLD_WITHIN_MS = 5_000

export async function gatherAudience(
  stage: Stage,
  { protocols, isDirect }: AudienceOptions,
): Promise<Audience> {
  const [ann, bob] = [await stage.guest("ann"), await stage.guest("bob")]
  if (isDirect) {
    // In a direct room nobody else speaks for the server.
    changeRows(stage.house.path, `update users set role = 'admin' where id = '${ann.id}'`)
    stage.house.clock.advance(1_000)
  }
  const place = await (isDirect ? stage.direct(ann, bob) : stage.room(ann, bob))
  const witness = await heedArrivals(stage, [ann, bob])
  let home: TestSocket = await ann.connect()
  const bobsHome = await bob.connect()
  await witness.allAreOnline()
  const listeners: { readonly protocol: Protocol; readonly speaker: Speaker }[] = []
  // On every node, so that whoever tells him something is on another one than one of his devices.
  for (const nodesAway of stage.nodes.keys()) {
    for (const protocol of protocols) {
      const speaker = await stage.arrive(protocol, bob, place, { nodesAway })
      listeners.push({ protocol, speaker })
    }
  }
  for (const { speaker } of listeners) await speaker.frames()

  /** Waits for so many frames, and shows that there are no more. */
  async function told(speaker: Speaker, count: number): Promise<readonly AnyFrame[]> {
    const frames: AnyFrame[] = []
    const deadline = performance.now() + TOLD_WITHIN_MS
    const take = async () => {
      const came = (await speaker.frames()).filter((it) => !isHeartbeat(it))
      frames.push(...came.filter((it) => !isOfOthers(it, [ann, bob])))
    }
    await take()
    while (frames.length < count && performance.now() < deadline) await take()
    return frames
  }

  async function expectFrames(expectedOf: (protocol: Protocol) => readonly object[]) {
    const heard = listeners.map(async ({ protocol, speaker }) => {
      const expected = expectedOf(protocol)
      const frames = await told(speaker, expected.length)
      return { protocol, expected, frames }
    })
    for (const { protocol, expected, frames } of await Promise.all(heard)) {
      expect(frames, protocol.name).toMatchObject([...expected])
      expect(frames.length).toBe(expected.length)
    }
    // What came late to one who was asked early.
    const late = await Promise.all(listeners.map(({ speaker }) => told(speaker, 0)))
    expect(late.flat()).toEqual([])
  }

  /** Runs what ends the last connection, and lets the grace of two seconds run out. */
  async function withoutGrace(end: () => void): Promise<void> {
    const timers = holdTimers(LIMITS.offlineGraceMs)
    try {
      end()
      await waitUntil("she is noticed to have gone", () => timers.runOut() > 0)
    } finally {
      timers.release()
    }
  }

  return {
    ann,
    bob,
    place,
    expectTold: (happening, facts) =>
      expectFrames(({ name }) =>
        happening === null
          ? []
          : tellsOf(name, happening, { by: ann, place, content: "", ...facts }),
      ),
    expectNativeAlone: (types) =>
      expectFrames(({ name }) => (name === "native" ? types.map((type) => ({ type })) : [])),
    directElsewhere: async () => stage.direct(ann, await stage.guest("dan")),
    leaveHome: () => withoutGrace(() => home.close()),
    async comeHome() {
      home = await ann.connect()
    },
    endLast: ({ line }) => withoutGrace(() => line.close()),
    close() {
      home.close()
      bobsHome.close()
      for (const { speaker } of listeners) speaker.line.close()
    },
  }
}

/** Others of the same server come online and go, which all of Socket.IO hears. */
/**
 * Somebody who shares a room with them, and hears of it on every node when they are online. Who
 * subscribes elsewhere after that does not hear of it late.
 */
async function heedArrivals(stage: Stage, guests: readonly Guest[]) {
  const wil = await stage.guest("wil")
  const meeting = await stage.room(wil, ...guests)
  const ears = await Promise.all(
    stage.nodes.map((_, nodesAway) => stage.arrive(nativeProtocol, wil, meeting, { nodesAway })),
  )
  return {
    async allAreOnline() {
      for (const ear of ears) {
        const online = new Set<unknown>()
        await waitUntil("all are online", async () => {
          for (const { type, data } of await ear.frames()) {
            if (type === "presence" && data.status === "online") online.add(data.user_id)
          }
          return guests.every(({ id }) => online.has(id))
        })
        ear.line.close()
        await ear.line.closed
      }
    },
  }
}

function isOfOthers({ event, payload }: AnyFrame, guests: readonly Guest[]): boolean {
  if (!/^user(:o|O)(nline|ffline)$/.test(event ?? "")) return false
  return !guests.some(({ id, numericId }) => payload.userId === id || payload.userId === numericId)
}

const isHeartbeat = ({ type, event }: AnyFrame): boolean => type === "heartbeat" || event === "ping"
