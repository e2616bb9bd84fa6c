import type { z } from "zod"
import { ChatError } from "./errors"

/** The refusal of what a schema did not take: `invalid_request`, with each field that is wrong. */
export const wrongShape = ({ issues }: z.ZodError): ChatError =>
  new ChatError("invalid_request", {
    problems: issues.map(({ path, message }) => ({ path: path.join("."), message })),
  })
