import type { Bus } from "../cluster/bus"
import { createLocalBus } from "../cluster/bus.local"
import type { RedisLink } from "../cluster/link.redis"
import type { Presence } from "../cluster/presence"
import { createLocalPresence } from "../cluster/presence.local"
import type { Config } from "../config"
import { createLinkLog } from "../ops/link-log"
import type { Log } from "../ops/log"
import { createTroubleLog } from "../ops/trouble-log"
import type { Resources } from "../server"

/** What this server has to do with others. */
export interface Node {
  readonly bus: Bus
  readonly presence: Presence
  /** Null: there are no others. To be opened when all that listens to it is there. */
  readonly link: RedisLink | null
  readonly cluster: Resources["cluster"]
  /** Says goodbye to the others. When the server has stopped. */
  close(): Promise<void>
}

export async function createNode(config: Config, log: Log): Promise<Node> {
  const { REDIS_URL: url, REDIS_PREFIX: prefix } = config
  if (url === null) return createOnlyNode(config)
  // Loaded when it is asked for: a server that is alone starts without it.
  const { createLinkedBus, createLinkedPresence, createRedisLink, hearingOf } = await import(
    "../cluster/linked"
  )
  const lines = createLinkLog(log, new URL(url).host)
  const link = createRedisLink({
    url,
    prefix,
    onUp: lines.up,
    onDown: lines.down,
    onTrouble: createTroubleLog(log, Date.now, UNHEEDED).trouble,
  })
  const bus = createLinkedBus(link)
  const presence = createLinkedPresence({ link, now: Date.now })
  return {
    bus,
    presence,
    link,
    cluster: { hearing: hearingOf(link, bus.onFollowed) },
    async close() {
      presence.close()
      await link.close()
    },
  }
}

/** One who tells it may be of another version, and tell it a thousand times a second. */
const UNHEEDED = {
  trouble: "what another server told could not be heeded",
  relief: "what other servers tell is heeded again",
}

function createOnlyNode({ DATABASE_URL }: Config): Node {
  return {
    bus: createLocalBus(),
    presence: createLocalPresence(),
    link: null,
    // Postgres answers later: commits side by side may be told in another order than their seqs.
    cluster: DATABASE_URL === null ? undefined : { hearing: null },
    close: () => Promise.resolve(),
  }
}
