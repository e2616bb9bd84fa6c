import type { Level } from "../../notifications/levels"

const levels: Record<Level, string> = {
  all: "Everything",
  mentions: "Only when I'm called",
  none: "Nothing",
}

export const notifications = {
  title: (room: string, count: number) => (count === 1 ? room : `${room} (${count})`),
  said: (who: string, what: string) => `${who}: ${what}`,
  picture: "A picture",
  file: "A file",
  levels,
}
