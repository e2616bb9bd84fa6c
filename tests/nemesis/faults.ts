import { RECONCILE_MS } from "../../src/cluster/timing"
import type { ClusterNode } from "../support/cluster"
import {
  caughtUp,
  comesAbout,
  disconnectsOf,
  flowing,
  lastWord,
  refusalsOf,
  snapshotOf,
  sum,
} from "./progress"
import type { Scene, SettledClient } from "./scene"

export interface FaultRun {
  readonly scene: Scene
  readonly tell: (line: string) => void
  /** What must not be, and is, in a sentence. */
  readonly accuse: (sentence: string) => void
  readonly isShort: boolean
}

/** One way to break a cluster. It is whole again when the promise resolves. */
export type Fault = (run: FaultRun) => Promise<void>

/** What a machine under load may add to any bound. */
const SLOWNESS_MS = 2_500
const CATCH_UP_MS = RECONCILE_MS + SLOWNESS_MS
/** What a node that stands still holds in the database is taken from it by then. */
const UNBLOCKED_MS = 10_000
const STOP_MS_MAX = 15_000
/** Who sends while the database is away is told so by then. */
const REFUSED_WITHIN_MS = 5_000
/** Answers that were on their way when the database went. */
const ON_THE_WAY_MS = 300

const kill: Fault = async (run) => {
  const { scene, tell } = run
  const { place, node } = pickNode(scene)
  const here = clientsAt(scene, node)
  const unansweredOf = () => sum(here, ({ client }) => client.unanswered)
  sendAway(scene, node)
  await comesAbout(() => unansweredOf() > 0, UNBLOCKED_MS)
  const unanswered = unansweredOf()
  await node.kill()
  tell(`killed ${node.url} (pid ${node.pid}), ${unanswered} sends unanswered`)
  await lastWord(run, "of a node that was killed", CATCH_UP_MS)
  await flowing(run, "with a node killed", scene.clients, UNBLOCKED_MS)
  await replace(run, place)
}

const restartRedis: Fault = async (run) => {
  const { scene, tell } = run
  scene.troubles.begin("deaf")
  await scene.cluster.redis.kill()
  tell("Redis is gone")
  stir(scene)
  await lookFor(run, run.isShort ? 2_500 : 6_000, "while Redis is away")
  await scene.cluster.redis.start()
  scene.troubles.end()
}

const restartPostgres: Fault = async (run) => {
  const { scene, tell, accuse } = run
  const { postgres } = scene.cluster
  const left = disconnectsOf(scene)
  const ending = scene.random.chance(0.5) ? postgres.stop : postgres.kill
  await ending()
  tell(`Postgres is gone, ${ending === postgres.stop ? "stopped" : "without a goodbye"}`)
  await Bun.sleep(ON_THE_WAY_MS)
  const before = acknowledgedOf(scene)
  const refused = refusalsOf(scene)
  const goneAt = performance.now()
  const isRefused = () => refusalsOf(scene) > refused
  if (!(await comesAbout(isRefused, REFUSED_WITHIN_MS))) {
    accuse(`no send was refused within ${REFUSED_WITHIN_MS} ms of Postgres being away`)
  }
  tell(`the first send was refused after ${Math.round(performance.now() - goneAt)} ms`)
  await Bun.sleep(run.isShort ? 1_000 : 5_000)
  const count = acknowledgedOf(scene) - before
  if (count > 0) accuse(`${count} sends were acknowledged while Postgres was away`)
  tell(`${refusalsOf(scene) - refused} refusals, ${count} acknowledgements`)
  await postgres.start()
  const lost = disconnectsOf(scene) - left
  if (lost > 0) accuse(`${lost} clients were disconnected by Postgres being away`)
}

const freeze: Fault = async (run) => {
  const { scene, tell } = run
  const { node } = pickNode(scene)
  const elsewhere = scene.clients.filter(({ client }) => client.node !== node.url)
  scene.troubles.begin("frozen")
  node.pause()
  tell(`${node.url} stands still`)
  const thawAt = performance.now() + 20_000
  await flowing(run, "with a node standing still", elsewhere, UNBLOCKED_MS)
  stir(scene)
  await Bun.sleep(Math.max(0, thawAt - performance.now()))
  node.resume()
  scene.troubles.end()
}

const blackHole: Fault = async (run) => {
  const { scene, tell } = run
  const { node } = pickNode(scene)
  scene.troubles.begin("deaf")
  node.toRedis?.hold()
  tell(`nothing arrives between Redis and ${node.url}`)
  stir(scene)
  await lookFor(run, run.isShort ? 5_000 : 12_000, "with a node in a black hole")
  node.toRedis?.mend()
  scene.troubles.end()
}

const cut: Fault = async (run) => {
  const { scene, tell } = run
  const { node } = pickNode(scene)
  scene.troubles.begin("deaf")
  node.toRedis?.cut()
  tell(`connections of ${node.url} to Redis are reset`)
  stir(scene)
  await lookFor(run, 6_000, "with a node cut off")
  node.toRedis?.mend()
  scene.troubles.end()
}

const rollingRestart: Fault = async (run) => {
  const { scene, tell, accuse } = run
  for (const [place, node] of [...scene.nodes].entries()) {
    const timer = setTimeout(() => {
      accuse(`${node.url} did not stop within ${STOP_MS_MAX} ms`)
      void node.kill()
    }, STOP_MS_MAX)
    const code = await node.terminate()
    clearTimeout(timer)
    tell(`stopped ${node.url}`)
    if (code !== 0) accuse(`${node.url} ended with exit code ${code}`)
    await replace(run, place)
    await flowing(run, "in a rolling restart", scene.clients, UNBLOCKED_MS)
  }
}

export const FAULTS = {
  kill,
  redis: restartRedis,
  postgres: restartPostgres,
  "black-hole": blackHole,
  cut,
  freeze,
  rolling: rollingRestart,
} as const satisfies Record<string, Fault>

export type FaultName = keyof typeof FAULTS

export const isFaultName = (name: string): name is FaultName => Object.hasOwn(FAULTS, name)

/** What was acknowledged comes to everybody in time, over and over. */
async function lookFor(run: FaultRun, forMs: number, when: string): Promise<void> {
  const { scene } = run
  const until = performance.now() + forMs
  await flowing(run, when, scene.clients, CATCH_UP_MS)
  do {
    await caughtUp(run, when, snapshotOf(scene), CATCH_UP_MS)
  } while (performance.now() < until)
  await lastWord(run, when, CATCH_UP_MS)
}

async function replace({ scene, tell }: FaultRun, place: number): Promise<void> {
  const node = await scene.cluster.start()
  scene.nodes[place] = node
  tell(`started ${node.url} (pid ${node.pid})`)
}

/** Of the visitors at a node that is about to be killed one comes back elsewhere, one does not. */
function sendAway({ visitors }: Scene, { url }: ClusterNode): void {
  const here = visitors.filter(({ visitor }) => visitor.node === url)
  for (const [index, { visitor }] of here.entries()) visitor.comesBack = index % 2 === 0
}

/** Somebody goes while nodes hear nothing of each other, and somebody else comes. */
function stir({ visitors, random }: Scene): void {
  const away = visitors.filter(({ visitor }) => !visitor.isThere)
  random.pick(visitors.filter(({ visitor }) => visitor.isThere)).visitor.go()
  for (const { visitor } of away) visitor.come()
}

function pickNode({ nodes, random }: Scene) {
  const place = random.below(nodes.length)
  const node = nodes[place]
  if (node === undefined) throw new Error("there is no node")
  return { place, node }
}

const clientsAt = ({ clients }: Scene, { url }: ClusterNode): readonly SettledClient[] =>
  clients.filter(({ client }) => client.node === url)

const acknowledgedOf = ({ clients }: Scene): number =>
  sum(clients, ({ client }) => client.counts.acknowledged)
