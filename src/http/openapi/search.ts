import { SearchHitSchema } from "../../protocol/answers"
import { operations, page } from "./operation"

export const SEARCH = operations({
  "GET /api/v1/search": {
    id: "searchMessages",
    tag: "messages",
    summary: "Find messages by their words",
    description:
      "In the rooms that the caller may read: their own, and public ones. A message must hold every word; what stands in quotation marks must stand there as it is. Case and accents make no difference (`cafe` finds `Café`), words are whole (`hell` does not find `hello`), and in Chinese, Japanese, Korean and Thai any part of a text is found. Nothing is a wrong query; what holds no word finds nothing. Everything that was acknowledged before is found, edited messages by what they say now, deleted ones never. Where more is new than a search waits for, `X-Search-Behind` says so. Ranked by how much a message is about the words and how new it is; of all that are found, the newest 1,000 are ranked. Counted per user.",
    success: {
      ...page(SearchHitSchema, "Best first."),
      headers: {
        Link: 'Where there may be more: `<address>; rel="next"`.',
        "X-Search-Behind":
          "Where not everything could be looked at: how many changes are not in the index yet.",
      },
    },
    errors: ["room_not_found", "banned", "user_not_found"],
    fields: {
      q: "The words. In quotation marks: words that stand side by side.",
      room_id: "Only in this room.",
      from: "Only what this user wrote: their id or username.",
      before: "ISO 8601, with a zone: only what was sent before.",
      after: "ISO 8601, with a zone: only what was sent after.",
      has: "`file`: only messages that show a file or a picture.",
    },
  },
})
