import type { Bus } from "../cluster/bus"
import { createLinkedBus } from "../cluster/bus.linked"
import { createLocalBus } from "../cluster/bus.local"
import { createRedisLink, type RedisLink } from "../cluster/link.redis"
import type { Presence } from "../cluster/presence"
import { createLocalPresence } from "../cluster/presence.local"
import type { Config } from "../config"
import type { Log } from "../ops/log"

/** What this server has to do with others. */
export interface Node {
  readonly bus: Bus
  readonly presence: Presence
  /** Null: there are no others. To be opened when all that listens to it is there. */
  readonly link: RedisLink | null
}

export function createNode(config: Config, log: Log): Node {
  const { REDIS_URL: url, REDIS_PREFIX: prefix } = config
  if (url === null) return { bus: createLocalBus(), presence: createLocalPresence(), link: null }
  const redis = new URL(url).host
  const link = createRedisLink({
    url,
    prefix,
    onUp: () => log.info({ redis }, "Redis carries what servers tell each other"),
    onDown: (reason) =>
      log.warn(
        { redis, reason },
        "Redis is away: what happens on other servers comes late until it is back (if it never was here: are address, user, password and TLS right?)",
      ),
    onTrouble: (err) => log.error({ err }, "what another server told could not be heeded"),
  })
  return { bus: createLinkedBus(link), presence: createLocalPresence(), link }
}
