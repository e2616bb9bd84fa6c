import type { room as en } from "../en/room"

export const room = {
  title: "Raum",
} satisfies typeof en
