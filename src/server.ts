import { randomBytes } from "node:crypto"
import { Elysia } from "elysia"
import { createAddressing } from "./auth/address"
import { createAuth } from "./auth/auth"
import type { PasswordCost } from "./auth/passwords"
import { createRecheck } from "./auth/recheck"
import { newInviteCode } from "./auth/secrets"
import { authSettingsOf } from "./auth-settings"
import { chatSettingsOf } from "./chat-settings"
import type { Bus } from "./cluster/bus"
import { createDatabaseWatch } from "./cluster/database-watch"
import type { Hearing } from "./cluster/hearing"
import type { Link } from "./cluster/link"
import { createOrder } from "./cluster/order"
import type { Presence } from "./cluster/presence"
import { createRightsWatch } from "./cluster/rights-watch"
import { createSharedTotals } from "./cluster/shared-totals"
import { createSharing } from "./cluster/sharing"
import { createStandstill } from "./cluster/standstill"
import type { Config } from "./config"
import { createChat } from "./core/chat"
import { createLimitRate } from "./core/rate-limit"
import { createDialects } from "./dialects"
import type { Files } from "./files"
import { createApi } from "./http/api"
import { createAuthentication, createCallers } from "./http/authenticate"
import { createCors } from "./http/cors"
import { createEnvelope } from "./http/envelope"
import { healthyResponse } from "./http/health"
import { requestBytesMax } from "./http/json-bodies"
import { createRequestIds } from "./http/request-ids"
import { createRouteFinder, type RouteFinder } from "./http/route-finder"
import { countSocketIo, SOCKET_IO_COUNTS } from "./http/socketio-rooms"
import { createLoadedLate } from "./loaded-late"
import { createBackground, type Log } from "./ops/log"
import type { Meters } from "./ops/meters"
import { createMetrics, type LinkState } from "./ops/metrics"
import { createRecentRate } from "./ops/recent-rate"
import { createVitals } from "./ops/vitals"
import type { WriteHealth } from "./ops/write-health"
import type { WebClient } from "./pages/web-file"
import { createPreviews, type PreviewsDeps } from "./previews/previews"
import type { BusMessage } from "./protocol/events"
import { LIMITS } from "./protocol/limits"
import { createReadiness } from "./readiness"
import { serverInfoOf } from "./server-info"
import { socketSettingsOf } from "./socket-settings"
import { createSockets } from "./sockets"
import type { Store } from "./store"

/** What the server lives on. Opened before it, closed after it. */
export interface Resources extends Pick<PreviewsDeps, "previewing"> {
  readonly store: Store
  readonly bus: Bus
  readonly presence: Presence
  readonly files: Files
  /** To the other nodes; without it, this one is alone. */
  readonly link?: Link | null
  /**
   * Where events may come in another order than they happened, or get lost: from other nodes, or
   * from a database that answers later. `hearing` null: there are no other nodes. Without it they
   * come as they happened.
   */
  readonly cluster?: { readonly hearing: Hearing | null } | undefined
  /** What there is between this server and others; without it, there are none. */
  readonly linkState?: (() => LinkState) | undefined
  readonly tokenSecret: Uint8Array
  readonly passwordCost: PasswordCost
  /** Where servers share one; without it, this one makes its own when somebody asks for it. */
  readonly webClient?: WebClient | undefined
  /** How long it is between looks at connections, and at what is due; without it, a second. */
  readonly sweepMs?: number
  /** How long after a message it is taken into the index of words; without it, a moment. */
  readonly indexAfterMs?: number | undefined
  /** Fed by the store, too. */
  readonly meters: Meters
  readonly writeHealth: WriteHealth
  readonly version: string
  readonly log: Log
  readonly now: () => number
}

/** Wires everything together. The only place, with `main.ts`, that knows all the parts. */
export function createServer(resources: Resources, config: Config) {
  const { store, bus, presence, files, meters, log, now } = resources
  const newId = () => Bun.randomUUIDv7()
  const inBackground = createBackground(log)
  const addressing = createAddressing({ trustedProxies: config.CHAT_TRUST_PROXY })
  const sharing = resources.link ? createSharing(resources.link) : null
  const limitRate = createLimitRate(sharing?.windows ?? null, now)
  const previews = config.CHAT_LINK_PREVIEWS ? createPreviews(resources) : null
  const chat = createChat({
    store,
    files,
    presence,
    publish: bus.publish,
    tellHere,
    limitRate,
    settings: chatSettingsOf(config),
    fetchPreview: previews?.fetchPreview ?? null,
    now,
    newId,
    newEpoch: () => randomBytes(9).toString("base64url"),
    newInviteCode,
    inBackground,
    onSent: () => meters.edge("rest").messages++,
    looking: { everyMs: resources.sweepMs, spreadMs: resources.cluster?.hearing ? 200 : 0 },
    indexAfterMs: resources.indexAfterMs,
  })
  const { identify, claims, accounts, sessions, keys, disabling, housekeeping } = createAuth({
    store,
    settings: authSettingsOf(config, resources),
    attempts: limitRate("auth-attempts", config.CHAT_AUTH_MAX_PER_MIN),
    makings: limitRate("claimed-users", LIMITS.claimedUsersPerMinuteMax),
    redeemInvite: chat.invites.redeem,
    onKeyTrouble: (err) => log.warn({ err }, "the keys of the external issuer were not fetched"),
    inBackground,
    now,
    newId,
  })
  const dialects = createDialects({
    roomCommandsPath: config.CHAT_WEBSOCKET_PATH,
    usersMaxDefault: config.CHAT_DEFAULT_MAX_USERS,
    showsEmails: config.CHAT_SHOW_EMAILS,
    trustsClaims: config.CHAT_TRUST_CLIENT_IDS,
    namespace: config.WS_NAMESPACE,
    socketIoHeartbeatMs: config.WS_ENABLE_HEARTBEAT ? config.WS_HEARTBEAT_INTERVAL : 0,
  })
  const order =
    resources.cluster === undefined
      ? null
      : createOrder({
          bus,
          hearing: resources.cluster.hearing,
          ...chat.replay,
          deliver: tellHere,
          doubt: (user, room) => sockets.doubt(user, room),
          isGone: (room) => sockets.doubtAllIn(room),
          meter: meters.order,
          onTrouble: (err) => log.error({ err }, "what rooms missed could not be read"),
        })
  const standstill = resources.cluster?.hearing
    ? createStandstill({ lookAgain: () => lookAgain() })
    : null
  const sockets = createSockets({
    dialects,
    chat,
    ordering: order,
    tellHere,
    identify,
    claims,
    addressing,
    settings: { ...socketSettingsOf(config), sweepMs: resources.sweepMs },
    doubtRights: standstill?.doubt ?? null,
    elsewhere: sharing?.connections ?? null,
    meters,
    log,
    now,
    newId,
    inBackground,
    server: () => app.server,
  })
  function tellHere(message: BusMessage): void {
    identify.forget(message)
    if (message.type === "user.updated") store.messages.forgetAuthor(message.user)
    sockets.fanOut(message)
    chat.heed(message)
  }
  bus.subscribe(order === null ? tellHere : order.receive)
  // Told from the start on, with 0: what appears later would hide its first step.
  for (const { name } of [...dialects.raw, ...dialects.socketIo]) meters.edge(name)
  const requestIds = createRequestIds({ believesIncoming: config.CHAT_TRUST_PROXY > 0 })
  const socketIoEdges = dialects.socketIo.map(({ name }) => meters.edge(name))
  const socketIoTotals = createSharedTotals(sharing?.socketIo ?? null, SOCKET_IO_COUNTS, (name) =>
    countSocketIo(socketIoEdges, name),
  )
  const recentRate = createRecentRate({
    total: meters.messages,
    elapsedMs: () => performance.now(),
  })
  const figures = {
    meters,
    messagesPerSecond: recentRate.perSecond,
    present: presence.count,
    version: resources.version,
  }
  const vitals = createVitals({ ...figures, now })
  let finder: RouteFinder | undefined
  const routes = () => {
    finder ??= createRouteFinder(app.routes)
    return finder
  }
  // Each node looks for itself, and tells its own sockets.
  const recheck = createRecheck({ store, ...sockets, publish: tellHere, now })
  const lookAgain = async () => {
    identify.forgetAll()
    store.messages.forgetRemembered()
    await recheck()
    await sockets.checkPlaces()
  }
  const rightsWatch = createRightsWatch({
    hearing: resources.cluster?.hearing ?? null,
    lookAgain,
    onTrouble: (err) => log.error({ err }, "what other nodes changed could not be read"),
  })
  const watch = createDatabaseWatch({
    changedElsewhere: store.changedElsewhere,
    onChange: lookAgain,
    onTrouble: (err) => log.error({ err }, "what another process changed could not be read"),
  })
  const api = createApi({
    chat,
    accounts,
    sessions,
    keys,
    disabling,
    claims,
    identify,
    authentication: createAuthentication({ identify, claims }),
    callers: createCallers({ identify, claims }),
    addressing,
    requests: limitRate("http-requests", config.CHAT_HTTP_MAX_PER_MIN),
    fileReads: limitRate(
      "http-files",
      config.CHAT_HTTP_MAX_PER_MIN * LIMITS.fileReadsPerRestRequestMax,
    ),
    socketPaths: sockets.paths,
    uploadBytesMax: config.CHAT_MAX_UPLOAD_BYTES,
    countConnectedUsers: () => presence.count().users,
    checkReady: createReadiness({
      store,
      writeHealth: resources.writeHealth,
      isDraining: sockets.isDraining,
      now,
    }),
    readVitals: vitals.read,
    scrape: createMetrics({
      ...figures,
      presentHere: presence.countHere,
      linkState: resources.linkState,
      countSearchBehind: chat.indexing.countBehind,
    }),
    socketIo: {
      readTotals: socketIoTotals.read,
      namespace: config.WS_NAMESPACE,
      origins: config.FRONTEND_URL,
      features: {
        detailedLogging: log.isLevelEnabled("debug"),
        metrics: config.WS_ENABLE_METRICS,
        heartbeat: config.WS_ENABLE_HEARTBEAT,
      },
      rates: {
        messages: config.CHAT_MAX_MESSAGES_PER_MIN,
        joins: config.CHAT_MAX_JOINS_PER_MIN,
        typing: config.CHAT_MAX_TYPING_PER_MIN,
      },
    },
    now,
    isOpenToAll: !config.isProduction,
    rest: meters.edge("rest"),
    requestIds,
    routes,
    declaredRoutes: () => app.routes,
    roomCommandsPath: config.CHAT_WEBSOCKET_PATH,
    version: resources.version,
    serverInfo: serverInfoOf(config, resources.version),
    ...createLoadedLate(config, resources),
    log,
  })
  const envelop = createEnvelope({
    requestIds,
    cors: createCors(config.FRONTEND_URL),
    addressing,
    meters,
    log,
    routes,
    server: () => app.server,
  })
  const app = new Elysia({
    // Without it the path of `http://web/` is looked for beyond its slash: hosts have four letters.
    handler: { standardHostname: false },
    websocket: {
      maxPayloadLength: LIMITS.socketPayloadBytesMax,
      backpressureLimit: LIMITS.socketBacklogBytesMax,
      closeOnBackpressureLimit: true,
      // Our own sweep pings and reaps; Bun's would keep a mute client that we push to.
      idleTimeout: 0,
      sendPings: false,
      perMessageDeflate: false,
    },
    serve: {
      maxRequestBodySize: requestBytesMax(config.CHAT_MAX_UPLOAD_BYTES),
      idleTimeout: 60,
      routes: { "/health": { GET: healthyResponse() } },
    },
  })
    .wrap((handle, request) => () => envelop(handle, request))
    .use(api)
    .use(sockets.routes)

  return {
    app,
    /** Errors: that of the system, when the port is taken. */
    listen({ port, hostname }: { readonly port: number; readonly hostname: string }): string {
      // Elysia's default would let two servers share the port, each with half of the clients.
      app.listen({ port, hostname, reusePort: false, development: false })
      sockets.start()
      recentRate.start()
      socketIoTotals.start()
      watch.start()
      rightsWatch.start()
      standstill?.start()
      order?.start()
      housekeeping.start()
      chat.start()
      return `http://${hostname}:${app.server?.port ?? port}`
    },
    /** Says goodbye to every connection within the time, and stops. Resources stay open. */
    async stop({ drainMs }: { readonly drainMs: number }): Promise<void> {
      const deadline = performance.now() + drainMs
      await sockets.drain(drainMs)
      // No more requests; those that are being answered may finish.
      app.server?.stop(false)
      while ((app.server?.pendingRequests ?? 0) > 0 && performance.now() < deadline) {
        await Bun.sleep(5)
      }
      await app.server?.stop(true)
      recentRate.stop()
      vitals.stop()
      socketIoTotals.stop()
      watch.stop()
      rightsWatch.stop()
      standstill?.stop()
      order?.stop()
      housekeeping.stop()
      // The last connections are gone: the others hear of that at once.
      sharing?.stop()
      previews?.close()
      try {
        await chat.close()
      } catch (err) {
        log.error({ err }, "it could not be stored who was here last")
      }
    },
  }
}

export type Server = ReturnType<typeof createServer>
export type App = Server["app"]
