/** A node in a process of its own: tests start it to kill it, or to make it stand still. */
import { createLinkedBus } from "../../src/cluster/bus.linked"
import { createRedisLink } from "../../src/cluster/link.redis"
import { asRoomNumericId } from "../../src/protocol/ids"

const { LINK_URL = "", LINK_PREFIX = "", LINK_PACE = "" } = process.env
const link = createRedisLink({
  url: LINK_URL,
  prefix: LINK_PREFIX,
  pace: JSON.parse(LINK_PACE),
  onUp: () => undefined,
  onDown: () => undefined,
  onTrouble: (error) => console.error(error),
})
/** Says back what it hears, so that the test knows what has come here. */
link.hear("say", (word) => link.tell("t", word))
const bus = createLinkedBus(link)
bus.follow(asRoomNumericId(1))
await link.open()
