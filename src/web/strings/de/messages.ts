import type { messages as en } from "../en/messages"

export const messages = {
  title: "Nachrichten",
} satisfies typeof en
