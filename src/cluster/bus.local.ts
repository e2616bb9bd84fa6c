import type { BusMessage } from "../protocol/events"
import type { Bus } from "./bus"

/** The bus of a server that is alone: a direct call, over before `publish` returns. */
export function createLocalBus(): Bus {
  let receiver: (message: BusMessage) => void = () => undefined
  return {
    publish(message) {
      receiver(message)
      return undefined
    },
    subscribe: (receive) => {
      receiver = receive
    },
    follow: () => undefined,
    unfollow: () => undefined,
  }
}
