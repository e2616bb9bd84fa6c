import type { FaultRun } from "./faults"
import type { Scene, SettledClient } from "./scene"

/** By room: the last seq that was acknowledged to anybody. */
export type Snapshot = ReadonlyMap<string, number>

const LOOK_EVERY_MS = 20
/** Longer than clients wait before they go elsewhere. */
const ANSWERED_MS = 10_000

export const snapshotOf = ({ rooms, clients }: Scene): Snapshot =>
  new Map(
    rooms.map(({ id }) => [id, Math.max(...clients.map((it) => it.client.acknowledgedIn(id)))]),
  )

/** Everybody who is connected hears what was acknowledged, up to the snapshot, in time. */
export async function caughtUp(
  { scene, accuse }: FaultRun,
  when: string,
  snapshot: Snapshot,
  withinMs: number,
): Promise<void> {
  const behind = () =>
    scene.clients.filter(
      ({ client }) =>
        client.isLive && [...snapshot].some(([room, seq]) => client.untilOf(room) < seq),
    )
  if (await comesAbout(() => behind().length === 0, withinMs)) return
  for (const { client } of behind()) {
    for (const [room, seq] of snapshot) {
      const until = client.untilOf(room)
      if (until >= seq) continue
      accuse(`${when}: ${client.node} told ${client.name} ${until} of ${seq} in ${withinMs} ms`)
    }
  }
}

/**
 * Nobody says anything more, and everybody still hears what was said last: no later event tells
 * that one is missing.
 */
export async function lastWord(run: FaultRun, when: string, withinMs: number): Promise<void> {
  const clients = run.scene.clients.map(({ client }) => client)
  for (const client of clients) client.stopSending()
  const isAnswered = () => clients.every(({ unanswered }) => unanswered === 0)
  if (!(await comesAbout(isAnswered, ANSWERED_MS))) {
    run.accuse(`${when}: not all is answered within ${ANSWERED_MS} ms`)
  }
  await caughtUp(run, `the last word ${when}`, snapshotOf(run.scene), withinMs)
  for (const client of clients) client.startSending()
}

/** Each of them gets something acknowledged in time. */
export async function flowing(
  { accuse }: FaultRun,
  when: string,
  clients: readonly SettledClient[],
  withinMs: number,
): Promise<void> {
  const before = new Map(clients.map(({ client }) => [client, client.counts.acknowledged]))
  const stuck = () =>
    clients.filter(({ client }) => client.counts.acknowledged <= (before.get(client) ?? 0))
  if (await comesAbout(() => stuck().length === 0, withinMs)) return
  for (const { client } of stuck()) {
    accuse(`${when}: ${client.name} at ${client.node} got nothing acknowledged in ${withinMs} ms`)
  }
}

export async function comesAbout(
  isSo: () => boolean | Promise<boolean>,
  withinMs: number,
): Promise<boolean> {
  const deadline = performance.now() + withinMs
  while (!(await isSo())) {
    if (performance.now() > deadline) return false
    await Bun.sleep(LOOK_EVERY_MS)
  }
  return true
}

export const disconnectsOf = ({ clients }: Scene): number =>
  sum(clients, ({ client }) => client.counts.disconnects)

export const refusalsOf = ({ clients }: Scene): number =>
  sum(clients, ({ client }) => client.counts.refusals)

export const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0)
