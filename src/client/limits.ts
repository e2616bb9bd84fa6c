import type { LIMITS as SERVER_LIMITS } from "../protocol/limits"

/**
 * The server's limits that a client minds. Written once more, for its table is larger than all of
 * this code may be; a test holds the two to each other.
 */
export const LIMITS: Pick<
  typeof SERVER_LIMITS,
  "answerCharsMax" | "listLimitDefault" | "listLimitMax" | "roomsPerFrameMax" | "unreadCountedMax"
> = {
  answerCharsMax: 1024 * 1024,
  listLimitDefault: 50,
  listLimitMax: 200,
  roomsPerFrameMax: 200,
  unreadCountedMax: 1_000,
}
