import type { PresenceStatus, Profile } from "../protocol/entities"
import type { BusMessage } from "../protocol/events"
import type { RoomNumericId, UserNumericId } from "../protocol/ids"
import type { ToldPerson, ToldPlace, WordsToMend } from "./presence"
import { TOLD_AT_ONCE } from "./presence-owed"
import type { PresenceView } from "./presence-view"

export interface ToldDeps {
  readonly view: Pick<PresenceView, "mine" | "statusOf" | "isIn" | "personOf">
  /** This node hears the others, as far as it knows. */
  readonly isUp: () => boolean
  /** Somebody has been asked for all there is, and has not answered yet. */
  readonly isAsking: () => boolean
  /** Tells this node's own watchers how it is. Rejects where that cannot be found out. */
  readonly mend: (words: WordsToMend) => Promise<void>
  readonly tickMs?: number | undefined
}

/** What has changed lately is looked at so often. */
const TICK_MS = 1_000

/** What was told elsewhere has come by then, unless it was lost. */
const QUIET_TICKS = 3

/** So long an answer that does not come is waited for. */
const ASKING_TICKS = 8

/** A loss is known by then: words are counted, and a node that is cut off is lost. */
const KEPT_TICKS = 12

/** Beyond it the oldest are forgotten; each is a number or a short text. */
const OVERRULED_MAX = 10_000

interface Aging {
  ticks: number
  /** Words may have been lost since it changed. */
  isDoubtful: boolean
}

interface Person extends Aging, ToldPerson {
  profile: Profile
  isToldOnline: boolean | null
  readonly rooms: Map<RoomNumericId, PresenceStatus>
}

interface Place extends Aging, ToldPlace {
  profile: Profile
  told: boolean | null
}

/**
 * What the watchers of this node were last told of who is there, where it may differ from how it
 * is. Who comes and goes is told by events, once, by the node that saw it; where one is lost, the
 * view is mended by what nodes tell of their people, and this finds who has to be told of that.
 * So only what has changed is kept, for as long as a loss may become known, and what was heard of
 * it. Ages are counted in looks and not by the clock: a process that stood still has aged nothing.
 */
export function createTold(deps: ToldDeps) {
  const { view, isUp, isAsking, tickMs = TICK_MS } = deps
  const people = new Map<UserNumericId, Person>()
  const places = new Map<string, Place>()
  /**
   * Watchers were told otherwise than an event of another node said, as the view did not have it.
   * What changes the view may only be late, and then no event comes with it.
   */
  const overruled = new Set<UserNumericId | string>()
  let doubtTicks = 0
  let timer: Timer | undefined
  let isMending = false

  const all = function* (): Iterable<Person | Place> {
    yield* people.values()
    yield* places.values()
  }

  /** Whoever comes later is told how it is then. */
  const hasWatchers = () => view.mine.people.size > 0

  const newborn = (): Aging => ({ ticks: 0, isDoubtful: doubtTicks > 0 })

  function watch(): void {
    if (timer !== undefined) return
    timer = setInterval(look, tickMs)
    timer.unref()
  }

  function personChanged(profile: Profile, before: PresenceStatus): Person | undefined {
    const known = people.get(profile.numericId)
    if (known !== undefined) {
      known.profile = profile
      known.ticks = 0
      return known
    }
    if (!hasWatchers()) return undefined
    const made = { ...newborn(), profile, before, isToldOnline: null, rooms: new Map() }
    people.set(profile.numericId, made)
    watch()
    return made
  }

  function placeChanged(room: RoomNumericId, profile: Profile, before: boolean): Place | undefined {
    const key = placeKey(room, profile.numericId)
    const known = places.get(key)
    if (known !== undefined) {
      known.profile = profile
      known.ticks = 0
      return known
    }
    if (!hasWatchers()) return undefined
    const made = { ...newborn(), room, profile, before, told: null }
    places.set(key, made)
    watch()
    return made
  }

  /** It was told here, or is just being. */
  function heard(message: BusMessage): void {
    switch (message.type) {
      case "presence": {
        const { user, room, status } = message
        const now = view.statusOf(user.numericId)
        const known = people.get(user.numericId)
        const person = known ?? (status === now ? undefined : personChanged(user, now))
        person?.rooms.set(room.numericId, status)
        return
      }
      case "user.online":
      case "user.offline": {
        const { user } = message
        const isOnline = message.type === "user.online"
        const now = view.statusOf(user.numericId)
        const isSo = isOnline === (now !== "offline")
        const person = people.get(user.numericId) ?? (isSo ? undefined : personChanged(user, now))
        if (person !== undefined) person.isToldOnline = isOnline
        return
      }
      case "room.entered":
      case "room.exited": {
        const { room, user } = message
        const isEntered = message.type === "room.entered"
        const isIn = view.isIn(room.numericId, user.numericId)
        const known = places.get(placeKey(room.numericId, user.numericId))
        const isSo = isEntered === isIn
        const place = known ?? (isSo ? undefined : placeChanged(room.numericId, user, isIn))
        if (place !== undefined) place.told = isEntered
        return
      }
      default:
    }
  }

  function look(): void {
    if (people.size === 0 && places.size === 0) {
      clearInterval(timer)
      timer = undefined
      return
    }
    if (doubtTicks > 0) doubtTicks--
    const canHear = isUp()
    for (const it of all()) it.ticks = canHear ? it.ticks + 1 : 0
    if (canHear && !isMending) void mendDue()
  }

  const isRipe = ({ ticks }: Aging): boolean =>
    ticks >= QUIET_TICKS && (ticks >= ASKING_TICKS || !isAsking())

  /** What was heard is not so, whoever said it and however late. */
  function isWrong(it: Person | Place): boolean {
    if ("told" in it) return it.told !== null && it.told !== isInNow(it)
    const status = view.statusOf(it.profile.numericId)
    if (it.isToldOnline !== null && it.isToldOnline !== (status !== "offline")) return true
    for (const told of it.rooms.values()) if (told !== status) return true
    return false
  }

  const isInNow = ({ room, profile }: Place) => view.isIn(room, profile.numericId)

  async function mendDue(): Promise<void> {
    isMending = true
    try {
      for (let slice = takeSlice(); slice !== null; slice = takeSlice()) {
        await mendSlice(slice)
        await new Promise((resolve) => setImmediate(resolve))
      }
    } finally {
      isMending = false
    }
  }

  interface Slice {
    readonly people: readonly Person[]
    readonly places: readonly Place[]
  }

  /** They stay where they are until they are told, for what is told meanwhile. */
  function takeSlice(): Slice | null {
    const slice: { people: Person[]; places: Place[] } = { people: [], places: [] }
    let size = 0
    for (const it of all()) {
      if (size === TOLD_AT_ONCE) break
      if (!isRipe(it)) continue
      if (!it.isDoubtful && !isWrong(it)) {
        if (it.ticks >= KEPT_TICKS) forget(it)
        continue
      }
      size++
      if ("told" in it) slice.places.push(it)
      else slice.people.push(it)
    }
    return size === 0 ? null : slice
  }

  async function mendSlice(slice: Slice): Promise<void> {
    const wrong = [...slice.people, ...slice.places].filter(isWrong)
    try {
      if (hasWatchers()) await deps.mend(slice)
      for (const it of wrong) overrule(it)
      for (const it of slice.people) forget(it)
      for (const it of slice.places) forget(it)
    } catch {
      // Told of by who tried. It is tried again before long.
      for (const it of slice.people) it.ticks = 0
      for (const it of slice.places) it.ticks = 0
    }
  }

  function forget(it: Person | Place): void {
    if ("told" in it) places.delete(placeKey(it.room, it.profile.numericId))
    else people.delete(it.profile.numericId)
  }

  function overrule(it: Person | Place): void {
    const { numericId } = it.profile
    overruled.add("told" in it ? placeKey(it.room, numericId) : numericId)
    if (overruled.size <= OVERRULED_MAX) return
    for (const oldest of overruled) {
      overruled.delete(oldest)
      return
    }
  }

  /** The view has changed: where the event of that was overruled, it is told once more. */
  function reconsider(key: UserNumericId | string, it: Aging | undefined): void {
    if (overruled.delete(key) && it !== undefined) it.isDoubtful = true
  }

  return {
    heard,
    personChanged(profile: Profile, before: PresenceStatus): void {
      reconsider(profile.numericId, personChanged(profile, before))
    },
    placeChanged(room: RoomNumericId, user: UserNumericId, before: boolean): void {
      const profile = view.personOf(user)?.profile ?? people.get(user)?.profile
      if (profile === undefined) return
      reconsider(placeKey(room, user), placeChanged(room, profile, before))
    },
    /** Some of what others said may not have come here. */
    doubt(): void {
      doubtTicks = QUIET_TICKS
      for (const it of all()) {
        if (it.isDoubtful) continue
        it.isDoubtful = true
        it.ticks = 0
      }
    },
    close(): void {
      clearInterval(timer)
      people.clear()
      places.clear()
      overruled.clear()
    },
  }
}

const placeKey = (room: RoomNumericId, user: UserNumericId) => `${room}:${user}`

export type Told = ReturnType<typeof createTold>
