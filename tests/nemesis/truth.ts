import type { Person } from "../support/people"
import type { RoomTruth } from "./check"
import type { SeenMessage } from "./replica"
import { seenMessage } from "./wire"

const PAGE = 200

/** Reads by REST what the server has of a room: history by one way, all changes by another. */
export async function readTruth(
  reader: Person,
  { id, epoch }: { readonly id: string; readonly epoch: string },
  replaced = 0,
): Promise<RoomTruth> {
  const changes = await readChanges(reader, id, epoch)
  const messages = await readHistory(reader, id)
  const taken = new Set([...messages, ...changes.members].map(({ seq }) => seq))
  const roomChanges: number[] = []
  // As many are free as must be: there is no need to look for what they may have been.
  if (changes.head - taken.size === replaced) {
    return {
      roomId: id,
      head: changes.head,
      messages,
      members: changes.members,
      roomChanges,
      replaced,
    }
  }
  for (let seq = 1; seq <= changes.head; seq++) {
    // A seq that no message and no member has must be the room's own last change.
    if (!taken.has(seq) && (await isRoomChange(reader, { id, epoch, seq }))) roomChanges.push(seq)
  }
  return {
    roomId: id,
    head: changes.head,
    messages,
    members: changes.members,
    roomChanges,
    replaced,
  }
}

async function readHistory(reader: Person, roomId: string): Promise<SeenMessage[]> {
  const messages: SeenMessage[] = []
  while (true) {
    const after = messages.at(-1)?.seq ?? 0
    const { body } = await reader.get(`/rooms/${roomId}/messages?after=${after}&limit=${PAGE}`)
    messages.push(...body.map(seenMessage))
    if (body.length < PAGE) return messages
  }
}

async function readChanges(reader: Person, roomId: string, epoch: string) {
  const members: { userId: string; seq: number }[] = []
  for (let since = 0; ; ) {
    const { body } = await reader.get(
      `/rooms/${roomId}/changes?epoch=${encodeURIComponent(epoch)}&since=${since}&limit=${PAGE}`,
    )
    if (!body.recovered) throw new Error(`the changes of ${roomId} since ${since} are gone`)
    for (const member of body.members) {
      members.push({ userId: member.user_id, seq: member.changed_seq })
    }
    if (!body.more) return { head: body.head as number, members }
    since = body.until
  }
}

/** A page that starts before the seq tells the room, and one that starts at it does not. */
async function isRoomChange(
  reader: Person,
  { id, epoch, seq }: { readonly id: string; readonly epoch: string; readonly seq: number },
): Promise<boolean> {
  const tellsRoomSince = async (since: number) => {
    const query = `epoch=${encodeURIComponent(epoch)}&since=${since}&limit=1`
    return (await reader.get(`/rooms/${id}/changes?${query}`)).body.room !== undefined
  }
  return (await tellsRoomSince(seq - 1)) && !(await tellsRoomSince(seq))
}
