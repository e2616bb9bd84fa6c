import type { Config } from "./config"
import type { ChatSettings } from "./core/deps"

/** As much of the settings as the rules depend on. */
export const chatSettingsOf = (config: Config): ChatSettings => ({
  messagesPerMinuteMax: config.CHAT_MAX_MESSAGES_PER_MIN,
  joinsPerMinuteMax: config.CHAT_MAX_JOINS_PER_MIN,
  typingPerMinuteMax: config.CHAT_MAX_TYPING_PER_MIN,
  roomsPerUserMax: config.CHAT_MAX_ROOMS_PER_USER,
  messageCharsMax: config.CHAT_MAX_MESSAGE_LENGTH,
  uploadsPerMinuteMax: config.CHAT_MAX_UPLOADS_PER_MIN,
  uploadBytesMax: config.CHAT_MAX_UPLOAD_BYTES,
  autoCreatesRooms: config.CHAT_AUTO_CREATE_ROOMS,
})
