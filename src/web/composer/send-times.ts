/** Names of the times that are offered for sending later. */
export type SendTimeName = "inAnHour" | "thisEvening" | "tomorrow" | "monday"

export interface SendTime {
  readonly name: SendTimeName
  readonly at: Date
}

const eveningHour = 18
const morningHour = 9

/**
 * Times for sending later, as one would say them, by the clock of the reader's place: in an hour,
 * this evening while that is more than an hour away, tomorrow and on Monday in the morning.
 */
export function sendTimes(now: Date): readonly SendTime[] {
  const inAnHour = new Date(now)
  inAnHour.setHours(now.getHours() + 1, now.getMinutes(), 0, 0)
  const evening = atHour(now, 0, eveningHour)
  // 1 is Monday; on a Sunday, tomorrow is one.
  const daysToMonday = (8 - now.getDay()) % 7 || 7
  const times: readonly SendTime[] = [
    { name: "inAnHour", at: inAnHour },
    { name: "thisEvening", at: evening },
    { name: "tomorrow", at: atHour(now, 1, morningHour) },
    { name: "monday", at: atHour(now, daysToMonday, morningHour) },
  ]
  return times.filter(({ name }) => {
    if (name === "thisEvening") return evening.getTime() > inAnHour.getTime()
    return name !== "monday" || daysToMonday > 1
  })
}

function atHour(day: Date, daysLater: number, hour: number): Date {
  const at = new Date(day)
  at.setDate(day.getDate() + daysLater)
  at.setHours(hour, 0, 0, 0)
  return at
}

/** As `<input type="datetime-local">` has it: of the reader's place, without a zone. */
export function toLocalInput(at: Date): string {
  const two = (part: number) => String(part).padStart(2, "0")
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`
}

/** So far ahead at the most, as the server has it. */
const daysAheadMax = 365

/** What was chosen there, or why it can't be. */
export function readLocalInput(text: string, now: Date): Date | "missing" | "past" | "far" {
  const at = new Date(text)
  if (text === "" || Number.isNaN(at.getTime())) return "missing"
  if (at.getTime() <= now.getTime()) return "past"
  return at.getTime() > now.getTime() + daysAheadMax * 86_400_000 ? "far" : at
}
