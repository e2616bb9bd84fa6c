/** Golden frames of event streams, beside those that they have in common with the sockets. */
import type { RoomStanding } from "../../protocol/replies"
import type { StreamFrame } from "../../protocol/socket-frames"
import { REPLY_EXAMPLES } from "./examples"

interface StreamExamples {
  readonly snapshot: { readonly standing: RoomStanding; readonly frame: StreamFrame }
  readonly refused: { readonly standing: RoomStanding; readonly frame: StreamFrame }
  readonly live: { readonly frame: StreamFrame }
  readonly closed: { readonly code: number; readonly reason: string; readonly frame: StreamFrame }
}

/** As the answer to `subscribe` has them: a room that is told and one that is refused. */
function snapshots(): Pick<StreamExamples, "snapshot" | "refused"> {
  const { reply, frame } = REPLY_EXAMPLES.subscribed
  const standings = reply.type === "subscribed" ? reply.rooms : []
  const told = frame.type === "ok" && "rooms" in frame.data ? frame.data.rooms : []
  const [snapshot, refused] = standings.map((standing, index) => {
    const data = told[index]
    if (data === undefined) throw new Error("the golden answer tells fewer rooms than it has")
    const example: StreamFrame = { type: "snapshot", room_id: data.room_id, data }
    return { standing, frame: example }
  })
  if (snapshot === undefined || refused === undefined) throw new Error("two rooms are told")
  return { snapshot, refused }
}

export const STREAM_EXAMPLES: StreamExamples = {
  ...snapshots(),
  live: { frame: { type: "live", data: {} } },
  closed: {
    code: 4101,
    reason: "tokenExpired",
    frame: { type: "closed", data: { code: 4101, reason: "tokenExpired" } },
  },
}
