import { signal } from "@preact/signals"
import type { ServerInfo } from "../../client/api"
import { createOfClient } from "./of-client"

/** 0: not known, or none. The server checks both anyway. */
const UNKNOWN: ServerInfo["limits"] = { max_message_length: 0, max_upload_bytes: 0 }

/** What the server takes, asked once; until it is known, everything. */
export const limitsOf = createOfClient((client) => {
  const limits = signal(UNKNOWN)
  const load = async () => {
    limits.value = (await client.api.server.info()).limits
  }
  void load().catch(() => undefined)
  return limits
})
