import type { rooms as en } from "../en/rooms"

export const rooms = {
  title: "Räume",
} satisfies typeof en
