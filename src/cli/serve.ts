import { mkdirSync } from "node:fs"
import { PASSWORD_COST } from "../auth/passwords"
import { readConfig } from "../config"
import { createLog, type Log } from "../ops/log"
import { createMeters } from "../ops/meters"
import { createTroubleLog } from "../ops/trouble-log"
import { createWriteHealth } from "../ops/write-health"
import { createServer } from "../server"
import { createStore } from "../store"
import { openDatabase } from "./database"
import { openFiles } from "./files"
import { createNode } from "./node"
import { risksOf } from "./risks"
import { VERSION } from "./version"

const GREETING_MS = 10

const FILES = {
  trouble: "the storage of uploads is in trouble",
  relief: "the storage of uploads answers again",
}

/** Runs the server until it is told to stop. Resolves with the exit code. */
export async function serve(env: Readonly<Record<string, string | undefined>>): Promise<number> {
  const config = readConfig(env)
  const log = createLog(config.LOG_LEVEL)
  // For the owner's eyes only: password hashes, messages and the key of our tokens lie here.
  process.umask(0o077)
  makeFolder(config.DATA_DIR)
  const { trouble, relief } = createTroubleLog(log, Date.now)
  const { bus, presence, link, cluster, ...node } = await createNode(config, log)
  const meters = createMeters()
  const writeHealth = createWriteHealth()
  const { database, loadTokenSecret, loadId } = await openDatabase(config, {
    publish: bus.publish,
    onBatch: meters.batch,
    onTrouble: (error) => {
      trouble(error)
      writeHealth.failed()
    },
    onStored: () => {
      relief()
      writeHealth.stored()
    },
    onTellFailed: (err) => log.error({ err }, "what was stored could not be told"),
  })
  const store = createStore(database)
  const server = createServer(
    {
      store,
      files: await openFiles(config, createTroubleLog(log, Date.now, FILES).trouble),
      bus,
      presence,
      link,
      cluster,
      linkState: link?.state,
      tokenSecret: await loadTokenSecret(),
      passwordCost: PASSWORD_COST,
      meters,
      writeHealth,
      version: VERSION,
      log,
      now: Date.now,
    },
    config,
  )
  surviveStrayErrors(log)
  // Before anybody is let in: who is here is told, and what ends a right is heard.
  await link?.open(await loadId())
  const address = server.listen({ port: config.PORT, hostname: config.HOST })
  // The first line loads what writes it; who asks whether we are there has an answer before.
  const greeting = setTimeout(() => {
    log.info({ address }, `Parley is listening on ${address}`)
    for (const risk of risksOf(config)) log.warn(risk)
  }, GREETING_MS)
  const signal = await stopSignal()
  clearTimeout(greeting)
  log.info({ signal }, "stopping")
  await server.stop({ drainMs: config.CHAT_DRAIN_SECONDS * 1000 })
  await node.close()
  await store.close()
  log.info("stopped")
  return 0
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`DATA_DIR ${path} cannot be used: ${reason}`, { cause })
  }
}

/** One broken handler must not take everybody's connections with it. */
function surviveStrayErrors(log: Log): void {
  process.on("uncaughtException", (err) => log.error({ err }, "an exception was not caught"))
  process.on("unhandledRejection", (err) => log.error({ err }, "a rejection was not handled"))
}

function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve(signal))
  })
}
