/** Times in milliseconds. */
export interface EngineSettings {
  /** From the pong to the next ping. */
  readonly pingIntervalMs: number
  /** From a ping to its pong. */
  readonly pingTimeoutMs: number
  /** Of a body of a POST and of a frame. Told to clients, who split what they post. */
  readonly payloadBytesMax: number
  /** From the request for a WebSocket to the end of the upgrade. */
  readonly upgradeTimeoutMs: number
  /** Until a body of a POST is here as a whole. */
  readonly bodyTimeoutMs: number
  /** How long a session that is closed waits for the poll that fetches its last words. */
  readonly closeTimeoutMs: number
  readonly packetsPerPayloadMax: number
  /** What a client that does not poll may leave unread. */
  readonly bufferedBytesMax: number
  /** Sessions at once; to more than that the engine answers 503. */
  readonly socketsMax: number
}

/** How often the clock is looked at: a ping is at most so much late. */
export function sweepPeriodMs({ pingIntervalMs, pingTimeoutMs }: EngineSettings): number {
  return Math.min(1_000, Math.max(5, Math.min(pingIntervalMs, pingTimeoutMs) / 10))
}
