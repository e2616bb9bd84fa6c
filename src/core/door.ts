import { ChatError } from "../protocol/errors"

/** For who was in the room when they asked, and is no member of it by the time it is done. */
export const shownOut = () =>
  new ChatError("forbidden", { detail: "you are no longer in this room" })
