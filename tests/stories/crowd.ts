import type { Person } from "../support/people"

/** So many messages from somebody, each acknowledged; no more wait at once than may. */
export async function sayMany(
  somebody: Person,
  roomId: string,
  { from, count }: { readonly from: number; readonly count: number },
): Promise<void> {
  const socket = await somebody.connect()
  for (let n = from; n < from + count; n++) {
    const answer = socket.ask("message.send", { room_id: roomId, content: `number ${n}` })
    if (n % 200 === 0 || n === from + count - 1) await answer
  }
  socket.close()
  await socket.closed
}
