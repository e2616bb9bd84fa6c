import { useEffect, useMemo, useRef } from "preact/hooks"
import type { Me, RoomHandle, RoomView, Timeline } from "../../client/client"
import { ParleyError } from "../../client/error"
import type { ApiMessage, ApiProfile } from "../../protocol/answers"
import { useClient } from "../state/client"
import { personName } from "../state/names"
import type { Standing } from "../state/rights"
import { showToast } from "../state/toasts"
import { t } from "../strings"
import { READERS_ROOM_MAX } from "./readers"
import { rightsOn } from "./rights"
import type { Overlay, RoomContext } from "./room-context"
import { useFrame } from "./use-frame"
import type { Jump } from "./use-jump"
import type { NewLineState } from "./use-new-line"

/** Of larger rooms the members are not all asked for, just to know their names. */
const MEMBERS_NAMED_MAX = 200
/** Originals of answers that are not loaded themselves. */
const ORIGINALS_MAX = 200

interface ContextOf {
  readonly room: RoomHandle
  readonly timeline: Timeline
  readonly threadId: string | null
  readonly jump: Jump
  readonly line: NewLineState
  readonly setOverlay: (overlay: Overlay | null) => void
}

interface Contexts {
  readonly context: RoomContext
  readonly people: ReadonlyMap<string, ApiProfile>
}

/** What the rows of a list know: made again only when rights or names are others. */
export function useRoomContext(of: ContextOf): Contexts {
  const client = useClient()
  const { room, timeline, threadId } = of
  const now = useRef(of)
  now.current = of
  const me = useFrame(client.me)
  const view = useFrame(room.view)
  const isMember = useFrame(client.rooms).some((it) => it.room.id === room.id)
  const people = usePeopleOf(room)
  const named = useRef(people)
  named.current = people
  const membership = view?.membership ?? null
  const type = view?.room.type ?? null
  const members = view?.room.member_count ?? 0
  const isSmall = members > 1 && members <= READERS_ROOM_MAX

  useEffect(() => {
    if (members === 0) return
    // Names, and who has seen what, are nice to have: all else works without them.
    if (members <= MEMBERS_NAMED_MAX) void room.loadMembers().catch(() => undefined)
    if (isSmall && threadId === null) void room.loadReads().catch(() => undefined)
  }, [room, members === 0])

  const context = useMemo<RoomContext>(() => {
    const originals = createOriginals(timeline, (id) => client.api.messages.get(id))
    return {
      room,
      threadId,
      myId: () => client.me.value?.id ?? null,
      rightsOn: (message) =>
        rightsOn(message, standingOf({ me, view: room.view.value, isMember }), Date.now()),
      jumpTo: ({ seq }) => now.current.jump.toSeq(seq),
      find: originals,
      show: (overlay) => now.current.setOverlay(overlay),
      nameOf(userId) {
        const known = named.current.get(userId)
        if (known !== undefined) return personName(known)
        const said = timeline.state.value.messages.find((it) => it.user_id === userId)
        return said === undefined ? null : personName(said.user)
      },
      canSeeReaders: () => isSmall,
      showAsNew:
        threadId === null
          ? (message) => {
              now.current.line.drawAfter(message.seq - 1)
              showToast(t().messages.markedUnread)
            }
          : null,
    }
  }, [room, timeline, threadId, client, me, membership, type, isMember, isSmall])
  return { context, people }
}

function usePeopleOf(room: RoomHandle): ReadonlyMap<string, ApiProfile> {
  const members = useFrame(room.members)
  const others = useFrame(room.view)?.people
  return useMemo(
    () =>
      new Map([
        ...(others ?? []).map((it) => [it.id, it] as const),
        ...[...members.values()].map((it) => [it.user_id, it.user] as const),
      ]),
    [members, others],
  )
}

interface Known {
  readonly me: Me | null
  readonly view: RoomView | null
  /** By the list of one's rooms, which is there before it is known as what one is a member. */
  readonly isMember: boolean
}

function standingOf({ me, view, isMember }: Known): Standing | null {
  if (me === null || view === null) return null
  const membership = isMember ? (view.membership ?? PLAIN) : null
  return { me, room: view.room, membership }
}

const PLAIN = { role: "member", left_at: null, muted_until: null } as const

/** Messages by their id: those that are shown as they are now, others asked for once. */
function createOriginals(timeline: Timeline, get: (id: string) => Promise<ApiMessage>) {
  const asked = new Map<string, Promise<ApiMessage | null>>()
  async function ask(id: string): Promise<ApiMessage | null> {
    try {
      return await get(id)
    } catch (error) {
      // What is gone stays gone; all else may be asked for again.
      if (!(error instanceof ParleyError) || error.status !== 404) asked.delete(id)
      return null
    }
  }
  return async (id: string): Promise<ApiMessage | null> => {
    const shown = timeline.state.value.messages.find((it) => it.id === id)
    if (shown !== undefined) return shown
    const known = asked.get(id)
    if (known !== undefined) return await known
    const [oldest] = asked.keys()
    if (asked.size >= ORIGINALS_MAX && oldest !== undefined) asked.delete(oldest)
    const answer = ask(id)
    asked.set(id, answer)
    return await answer
  }
}
