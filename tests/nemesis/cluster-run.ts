import { moved } from "../support/moved"
import { type Evidence, findLosses } from "./check"
import { checkPresence, type PresenceSight } from "./check-live"
import { FAULTS, type FaultName, type FaultRun } from "./faults"
import { caughtUp, comesAbout, flowing, snapshotOf, sum } from "./progress"
import { createRandom } from "./random"
import { openScene, type Scene, type SettledClient } from "./scene"
import { readTruth } from "./truth"
import { lookAround } from "./visitors"

export interface ClusterRunOptions {
  readonly seed: number
  readonly faults: readonly FaultName[]
  readonly isShort: boolean
  /** Told as it happens. */
  readonly tell: (line: string) => void
}

export interface ClusterReport {
  readonly counts: Readonly<Record<string, number>>
  readonly losses: readonly string[]
}

/** After a fault, all is as it should be by then, without anybody's help. */
const RECOVERED_WITHIN_MS = 15_000
/** Under load for so long before each fault. */
const CALM_MS = 1_000
const ANSWER_WITHIN_MS = 3_000

/** Breaks a cluster under load in one way after another, and looks whether anything was lost. */
export async function runCluster(options: ClusterRunOptions): Promise<ClusterReport> {
  const { tell, isShort } = options
  const accusations: string[] = []
  const sights: PresenceSight[] = []
  const startedAt = performance.now()
  const random = createRandom(options.seed)
  const scene = await openScene({ random, nodes: 3, clientsPerNode: 2, publicRooms: 3 })
  try {
    tell(`three nodes: ${scene.nodes.map(({ url }) => url).join(", ")}`)
    const accuse = (sentence: string) => {
      tell(`  WRONG: ${sentence}`)
      accusations.push(sentence)
    }
    await recover(runOf("the start"), "the start", sights)
    for (const name of options.faults) {
      await Bun.sleep(random.upTo(CALM_MS))
      scene.delays.takeWorst()
      const at = ((performance.now() - startedAt) / 1000).toFixed(1)
      tell(`${at} s: ${name}`)
      await FAULTS[name](runOf(name))
      await recover(runOf(name), name, sights)
      const { ownNode, otherNode } = scene.delays.takeWorst()
      tell(`  slowest told: own node ${ms(ownNode)}, other nodes ${ms(otherNode)}`)
    }
    return await finish(scene, tell, accusations, sights)

    function runOf(_name: string): FaultRun {
      return { scene, isShort, accuse, tell: (line) => tell(`  ${line}`) }
    }
  } finally {
    await scene.close()
  }
}

/** Everybody goes home, is connected there, sends and hears, and all nodes know who is there. */
async function recover(run: FaultRun, after: string, sights: PresenceSight[]): Promise<void> {
  const { scene, tell, accuse } = run
  const begun = performance.now()
  const left = () => Math.max(0, RECOVERED_WITHIN_MS - (performance.now() - begun))
  const isHome = () => scene.clients.filter((it) => !bringHome(scene, it)).length === 0
  if (!(await comesAbout(isHome, left()))) accuse(`after ${after}: not everybody is connected`)
  await flowing(run, `after ${after}`, scene.clients, left())
  await caughtUp(run, `after ${after}`, snapshotOf(scene), left())
  const served = performance.now() - begun
  await seeEachOther(scene, after, sights, left)
  tell(`all is well after ${ms(served)}, and all are seen after ${ms(performance.now() - begun)}`)
  for (const { visitor, goHome } of scene.visitors) {
    visitor.comesBack = true
    goHome()
    visitor.come()
  }
}

/** True: it is there, and hears everything live. */
function bringHome({ nodes }: Scene, { client, home, goHome }: SettledClient): boolean {
  if (client.node === nodes[home]?.url) return client.isLive
  goHome()
  if (client.node !== null) client.move()
  return false
}

/** Looks until nothing is wrong, and keeps what was seen at last. */
async function seeEachOther(
  scene: Scene,
  after: string,
  sights: PresenceSight[],
  left: () => number,
): Promise<void> {
  const [asker] = scene.visitors
  if (asker === undefined) throw new Error("nobody is there")
  const around = {
    roomId: scene.presenceRoom.id,
    visitors: scene.visitors.map(({ visitor }) => visitor),
    nodes: scene.nodes.map(({ url }) => url),
    asker: asker.visitor.person,
  }
  let last: readonly PresenceSight[] = []
  await comesAbout(async () => {
    const seen = await inTime(lookAround(after, around))
    last = seen ?? [{ where: `after ${after}`, there: ["an answer"], told: [] }]
    return last.flatMap(checkPresence).length === 0
  }, left())
  sights.push(...last)
}

/** Null: it failed, or took too long. */
async function inTime<T>(task: Promise<T>): Promise<T | null> {
  const late = Promise.withResolvers<null>()
  const timer = setTimeout(() => late.resolve(null), ANSWER_WITHIN_MS)
  try {
    return await Promise.race([task, late.promise])
  } catch {
    return null
  } finally {
    clearTimeout(timer)
  }
}

/** All comes to rest, a node that has seen nothing tells what is stored, and that is compared. */
async function finish(
  scene: Scene,
  tell: (line: string) => void,
  accusations: readonly string[],
  sights: readonly PresenceSight[],
): Promise<ClusterReport> {
  const wrong = [...accusations]
  const clients = scene.clients.map(({ client }) => client)
  for (const client of clients) client.stopSending()
  await Promise.all(scene.churns.map((churn) => churn.stop()))
  const isAnswered = () => clients.every((client) => client.unanswered === 0)
  if (!(await comesAbout(isAnswered, RECOVERED_WITHIN_MS))) {
    wrong.push("at the end: not all that was sent is acknowledged")
  }
  const fresh = await scene.cluster.start()
  const reader = moved(scene.owner, fresh.url)
  const replaced = sum(scene.churns, ({ changes }) => Math.max(0, changes - 1))
  const rooms = await Promise.all(
    scene.rooms.map((room) => readTruth(reader, room, room === scene.churned ? replaced : 0)),
  )
  const isAtHead = () =>
    rooms.every(({ roomId, head }) => clients.every((it) => it.untilOf(roomId) === head))
  if (!(await comesAbout(isAtHead, RECOVERED_WITHIN_MS))) {
    wrong.push("at the end: not everybody has caught up")
  }
  const lastOf = (roomId: string) => rooms.find((it) => it.roomId === roomId)?.messages.at(-1)?.id
  await comesAbout(
    () => scene.listeners.every((it) => !it.isThere || it.lastId === lastOf(it.roomId)),
    RECOVERED_WITHIN_MS,
  )
  const evidence: Evidence = {
    rooms,
    clients: clients.map(({ story }) => story),
    joins: [],
    streams: clients.flatMap(({ streams }) => streams),
    stretches: scene.listeners.flatMap(({ stretches }) => stretches),
    silences: scene.churns.flatMap(({ silences }) => silences),
    heard: scene.churns.flatMap(({ heard }) => heard),
    presence: sights,
  }
  tell("at rest")
  return {
    counts: countsOf(scene, evidence),
    losses: [
      ...wrong,
      ...findLosses(evidence),
      ...clients.flatMap(({ surprises }) => surprises),
      ...scene.churns.flatMap(({ surprises }) => surprises),
    ],
  }
}

function countsOf({ clients, churns }: Scene, evidence: Evidence) {
  const total = (name: keyof (typeof clients)[number]["client"]["counts"]) =>
    sum(clients, ({ client }) => client.counts[name])
  return {
    sent: total("sent"),
    acknowledged: total("acknowledged"),
    retried: total("retried"),
    refused: total("refusals"),
    duplicates: total("duplicates"),
    disconnects: total("disconnects"),
    departures: total("departures"),
    resumes: total("resumes"),
    gaps: total("gaps"),
    heardLive: sum(evidence.streams, ({ seqs }) => seqs.length),
    heardElsewise: sum(evidence.stretches, ({ ids }) => ids.length),
    membersChanged: sum(churns, ({ changes }) => changes),
    silences: evidence.silences.length,
    sights: evidence.presence.length,
    stored: sum(evidence.rooms, ({ messages }) => messages.length),
  }
}

const ms = (duration: number) => `${Math.round(duration)} ms`
