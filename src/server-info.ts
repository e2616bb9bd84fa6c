import type { Config } from "./config"
import type { ApiServerInfo } from "./protocol/server-answers"

/** Of the settings, what everybody may know before they have an account. */
export const serverInfoOf = (config: Config, version: string): ApiServerInfo => ({
  name: config.CHAT_SERVER_NAME,
  version,
  registration: config.CHAT_REGISTRATION,
  limits: {
    max_message_length: config.CHAT_MAX_MESSAGE_LENGTH,
    max_upload_bytes: config.CHAT_MAX_UPLOAD_BYTES,
  },
})
