import type { notifications as en } from "../en/notifications"

export const notifications = {
  title: (room, count) => (count === 1 ? room : `${room} (${count})`),
  said: (who, what) => `${who}: ${what}`,
  picture: "Ein Bild",
  file: "Eine Datei",
  levels: { all: "Alles", mentions: "Nur wenn ich gemeint bin", none: "Nichts" },
} satisfies typeof en
