import type { text as en } from "../en/text"

export const text = {
  title: "Text",
} satisfies typeof en
