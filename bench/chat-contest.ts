import type { Bench } from "./bench"
import type { ChatServer, Seating } from "./chat-server"
import { alternate, type Contender, playRound, type Round } from "./contest"
import { startLoadGenerator } from "./load-generator"
import type { LoadOrder } from "./loader/orders"
import { startParley } from "./parley"
import { bareBun, nodeWs, type Peer, socketIo, startPeer } from "./peers"
import { native, type Protocol } from "./protocols"

const outstanding = 50
const warmUpSeconds = 1

/** What the members of the rooms do; how many frames come of it follows from the seating. */
export type ChatLoad =
  | { readonly type: "closed-loop"; readonly seconds: number; readonly outstanding: number }
  | { readonly type: "open-loop"; readonly seconds: number; readonly messagesPerSecond: number }

interface ChatContender extends Contender {
  readonly acksPerMessage: number
}

/** The rounds that one server played. */
export interface Played {
  readonly name: string
  readonly rounds: readonly Round[]
}

/** Parley and its peers with the same seats taken, all of them warm. Parleys are the first. */
export interface ChatContest extends AsyncDisposable {
  readonly eventBytes: number
  /** The servers named take turns; all of them when none is named. */
  play(load: ChatLoad, rounds: number, names?: readonly string[]): Promise<Played[]>
}

/** The load that gives a closed loop its name, with 50 messages of each sender on the way. */
export function fiftyOutstanding(seconds: number): ChatLoad {
  return { type: "closed-loop", seconds, outstanding }
}

/** Who plays: a Parley for each protocol, the first of which says how long the peers' frames are. */
export interface LineUp {
  readonly protocols: readonly [Protocol, ...Protocol[]]
  readonly peers: readonly Peer[]
}

const usualLineUp: LineUp = { protocols: [native], peers: [bareBun, nodeWs, socketIo] }

/**
 * Starts and seats Parley, learns from it how long an event is, then starts the peers with
 * frames of that length. All stay up: an idle server costs the others nothing.
 */
export async function openChatContest(
  bench: Bench,
  seating: Seating,
  { protocols, peers }: LineUp = usualLineUp,
): Promise<ChatContest> {
  const stack = new AsyncDisposableStack()
  const contenders: ChatContender[] = []

  async function add(server: ChatServer): Promise<Round> {
    stack.use(server)
    const load = stack.use(startLoadGenerator())
    const groups = await server.furnish(seating)
    await load.connect({ port: server.port, marks: server.marks, groups })
    const contender = { ...server, load }
    contenders.push(contender)
    return await playRound(contender, orderFor(contender, fiftyOutstanding(warmUpSeconds)))
  }

  function orderFor({ acksPerMessage }: ChatContender, load: ChatLoad): LoadOrder {
    return { ...load, deliveriesPerMessage: seating.connectionsPerRoom, acksPerMessage }
  }

  try {
    const [first, ...others] = protocols
    const { eventBytes } = await add(await startParley(bench.seed, bench.folder, first))
    for (const protocol of others) await add(await startParley(bench.seed, bench.folder, protocol))
    for (const peer of peers) {
      await add(await startPeer(peer, { eventBytes, folder: bench.folder }))
    }
    return {
      eventBytes,
      play: async (load, rounds, names) => {
        const playing = contenders.filter(({ name }) => names?.includes(name) ?? true)
        const played = await alternate(playing, rounds, (contender) => orderFor(contender, load))
        return playing.map(({ name }, index) => ({ name, rounds: played[index] ?? [] }))
      },
      [Symbol.asyncDispose]: async () => await stack.disposeAsync(),
    }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}
