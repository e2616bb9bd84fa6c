/** All that a server needs which has others beside it, to be loaded in one piece. */
export { createLinkedBus } from "./bus.linked"
export { hearingOf } from "./hearing"
export { createRedisLink } from "./link.redis"
export { createLinkedPresence } from "./presence.linked"
