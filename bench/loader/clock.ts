/** Microseconds since the load generator started: fits the twelve digits of a time slot. */
export function nowMicros(): number {
  return Math.floor(performance.now() * 1000)
}
