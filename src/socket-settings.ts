import type { Config } from "./config"

/** The settings that say what a socket may do, and for how long. */
export const socketSettingsOf = (config: Config) => ({
  framesPerSecondMax: config.CHAT_MAX_FRAMES_PER_SEC,
  perUserMax: config.CHAT_MAX_CONNECTIONS_PER_USER,
  perAddressMax: config.CHAT_MAX_CONNECTIONS_PER_ADDRESS,
  countsLoopback: config.isProduction,
  messageCharsMax: config.CHAT_MAX_MESSAGE_LENGTH,
  pingPeriodMs: config.CHAT_PING_PERIOD,
  pongWaitMs: Math.min(config.CHAT_PONG_WAIT, config.CHAT_READ_TIMEOUT),
  writeTimeoutMs: config.CHAT_WRITE_TIMEOUT,
  namespace: config.WS_NAMESPACE,
})
