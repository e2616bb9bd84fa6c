import type { BusMessage } from "../protocol/events"

export interface TellingDeps {
  /** A promise: whoever caused the event is answered when it resolves. */
  publish(message: BusMessage): Promise<void> | undefined
  /** An event could not be told. It is stored: clients learn of it by its seq. */
  onTellFailed(error: unknown): void
}

/** A promise only where one of the events must have arrived before the write is answered. */
export type TellAll = (events: readonly BusMessage[]) => Promise<unknown> | undefined

/** What is committed is answered, even where telling it fails: its sender must not hang. */
export function createTelling({ publish, onTellFailed }: TellingDeps): TellAll {
  function tell(event: BusMessage): Promise<void> | undefined {
    try {
      return publish(event)?.catch(onTellFailed)
    } catch (error) {
      onTellFailed(error)
      return undefined
    }
  }

  return function tellAll(events) {
    let arrivals: Promise<void>[] | undefined
    for (const event of events) {
      const arrival = tell(event)
      if (arrival === undefined) continue
      arrivals ??= []
      arrivals.push(arrival)
    }
    return arrivals === undefined ? undefined : Promise.all(arrivals)
  }
}
