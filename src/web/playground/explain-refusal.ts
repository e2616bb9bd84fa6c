import { ParleyError } from "../../client/error"
import type { Pane } from "./pane"
import type { Rest } from "./rest"

export type Refusal = "unauthorized" | "noRoom" | "unknown" | "offline"

/**
 * Why a WebSocket was refused: a page is not told what the server answered, so it is asked by plain
 * requests whether the credentials hold, and whether the room is there.
 */
export async function explainRefusal(rest: Rest, pane: Pane): Promise<Refusal> {
  const who = pane.who.value
  try {
    await rest.whoIs(who?.token ?? "")
    if (who !== null && pane.protocol.value === "room-path") {
      await rest.hasRoom(who, pane.known.value.room)
    }
    return "unknown"
  } catch (error) {
    if (!(error instanceof ParleyError)) return "unknown"
    if (error.code === "offline") return "offline"
    return error.code === "unauthorized" ? "unauthorized" : "noRoom"
  }
}
