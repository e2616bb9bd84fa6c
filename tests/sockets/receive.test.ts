import { describe, expect, test } from "bun:test"
import type { Identify } from "../../src/auth/identify"
import { native } from "../../src/dialects/native"
import { createLog } from "../../src/ops/log"
import { createMeters } from "../../src/ops/meters"
import type { Actor } from "../../src/protocol/entities"
import { ChatError } from "../../src/protocol/errors"
import { asConnectionId, asSessionId, asUserId, asUserNumericId } from "../../src/protocol/ids"
import type { Reply } from "../../src/protocol/replies"
import { Connection, type Line } from "../../src/sockets/connection"
import { createConnections } from "../../src/sockets/connections"
import type { Execute } from "../../src/sockets/execute"
import { createReceive } from "../../src/sockets/receive"

const ann: Actor = {
  user: {
    id: asUserId("ann"),
    numericId: asUserNumericId(1),
    username: "ann",
    displayName: null,
    avatarUrl: null,
    email: null,
    role: "user",
    createdAt: 0,
    lastSeenAt: null,
    disabledAt: null,
  },
  via: { type: "gateway" },
}

interface Setting {
  readonly identify?: Pick<Identify, "identifyToken">
  readonly actor?: Actor | null
  readonly doubt?: () => Promise<void> | null
}

/** A connection of ann's whose commands are carried out as the test says. */
function connectionThat(execute: Execute, { identify, actor = ann, doubt }: Setting = {}) {
  const answers: string[] = []
  const ignore = () => undefined
  const connections = createConnections({ perUserMax: 0, perAddressMax: 0, now: () => 0 })
  const receive = createReceive({
    execute,
    backlog: { look: ignore, forget: ignore } as never,
    // The parts of the chat that opening and closing touch.
    chat: { presence: { connect: ignore, disconnect: ignore } } as never,
    identify: identify as Identify,
    subscriptions: { exitAll: ignore } as never,
    connections,
    doubt: doubt ?? null,
    messageCharsMax: 4_000,
    meters: createMeters(),
    log: createLog("silent"),
    now: () => 0,
  })
  const events = receive.eventsOf(native)
  const connection = new Connection({
    id: asConnectionId("connection"),
    voice: native,
    arrival: null,
    isPinged: true,
    actor,
    address: "127.0.0.1",
    openedAt: 0,
    framesPerSecondMax: 0,
    events,
    publish: ignore,
  })
  const ws = {
    send: (frame: string) => answers.push(frame),
    subscribe: () => true,
    close: (code: number) => answers.push(`"close ${code}"`),
  }
  connections.add(connection)
  connection.open(ws as unknown as Line)
  answers.length = 0
  return {
    connection,
    connections,
    answers,
    say: (frame: unknown) => events.onFrame(connection, JSON.stringify(frame)),
    send: (id: number) =>
      events.onFrame(connection, JSON.stringify({ type: "ping", id, data: {} })),
  }
}

const parsed = (answers: readonly string[]) => answers.map((it) => JSON.parse(it))

describe("carrying out a frame", () => {
  const failures: readonly [string, Execute][] = [
    ["rejects", () => Promise.reject(new Error("SELECT password_hash FROM users"))],
    [
      "throws at once",
      () => {
        throw new Error("SELECT password_hash FROM users")
      },
    ],
    // biome-ignore lint/suspicious/noEmptyBlockStatements: anything can be thrown.
    ["rejects with what is no error", () => Promise.reject({ toString() {} })],
  ]
  test.each(failures)(
    "given a handler %s, then it is answered with internal, says nothing of why, and the next frame is answered",
    async (_, execute) => {
      const { answers, send } = connectionThat(execute)

      send(1)
      send(2)
      await Bun.sleep(0)

      const internal = { code: "internal", message: "The server failed", retryable: true }
      expect(parsed(answers)).toEqual([
        { type: "error", id: 1, data: internal },
        { type: "error", id: 2, data: internal },
      ])
    },
  )

  test("given a refusal of the table, then its code and text are told", async () => {
    const { answers, send } = connectionThat(() => {
      throw new ChatError("muted")
    })

    send(1)
    await Bun.sleep(0)

    expect(parsed(answers)).toMatchObject([{ type: "error", id: 1, data: { code: "muted" } }])
  })

  test("answers the 257th waiting frame with overloaded and its id, at once, and the others in order", async () => {
    const gate = Promise.withResolvers<void>()
    const { answers, send } = connectionThat(async (): Promise<Reply> => {
      await gate.promise
      return { type: "done" }
    })

    for (let id = 1; id <= 257; id++) send(id)
    const refused = parsed(answers)
    gate.resolve()
    await Bun.sleep(0)

    expect(refused).toMatchObject([{ type: "error", id: 257, data: { code: "overloaded" } }])
    const ids = parsed(answers).map(({ id }) => id)
    expect(ids).toEqual([257, ...Array.from({ length: 256 }, (_, n) => n + 1)])
    send(258)
    await Bun.sleep(0)
    expect(parsed(answers).at(-1)).toEqual({ type: "ok", id: 258, data: {} })
  })

  test("given the connection closes while frames wait, then nothing more is said and nothing fails", async () => {
    const gate = Promise.withResolvers<void>()
    const { connection, answers, send } = connectionThat(async (): Promise<Reply> => {
      await gate.promise
      return { type: "done" }
    })

    for (let id = 1; id <= 3; id++) send(id)
    connection.close()
    gate.resolve()
    await Bun.sleep(0)

    expect(answers).toEqual([])
  })
})

describe("auth while a session ends", () => {
  const session = asSessionId("session")
  const asAnn: Actor = {
    user: ann.user,
    via: { type: "session", sessionId: session, expiresAt: 1_000_000 },
  }
  const auth = { type: "auth", id: 1, data: { token: "a token" } }

  /** The session ends after it was found alive, before the connection knows that it is ann's. */
  function endedMeanwhile(actor: Actor | null) {
    let looks = 0
    const at = connectionThat(() => Promise.reject(new Error("no command")), {
      actor,
      identify: {
        async identifyToken() {
          if (++looks > 1) throw new ChatError("unauthorized")
          at.connections.endWhere(
            ({ via }) => via.type === "session" && via.sessionId === session,
            "revoked",
          )
          return asAnn
        },
      },
    })
    return at
  }

  test("given nobody is known yet, then it is unauthorized and nobody is known", async () => {
    const { connection, answers, say } = endedMeanwhile(null)

    say(auth)
    await Bun.sleep(0)

    expect(parsed(answers)).toMatchObject([
      { type: "error", id: 1, data: { code: "unauthorized" } },
    ])
    expect(connection.actor).toBeNull()
  })

  test("given it would have renewed, then it is unauthorized and the connection is what it was", async () => {
    const { connection, answers, say } = endedMeanwhile(ann)

    say(auth)
    await Bun.sleep(0)

    expect(parsed(answers)).toMatchObject([
      { type: "error", id: 1, data: { code: "unauthorized" } },
    ])
    expect(connection.actor).toBe(ann)
  })

  test("given nothing ends, then it is looked up once", async () => {
    let looks = 0
    const identify = {
      async identifyToken() {
        looks++
        return asAnn
      },
    }
    const { connection, say } = connectionThat(() => Promise.reject(new Error("no command")), {
      identify,
    })

    say(auth)
    await Bun.sleep(0)

    expect(looks).toBe(1)
    expect(connection.actor).toBe(asAnn)
  })
})

describe("a frame that comes while rights are in doubt", () => {
  /** A frame that waits until `look` is over. */
  function inDoubt() {
    const look = Promise.withResolvers<void>()
    let isOver = false
    const pings: unknown[] = []
    const opened = connectionThat(
      async ({ ref }) => {
        pings.push(ref)
        return { type: "pong", time: 0 }
      },
      { doubt: () => (isOver ? null : look.promise) },
    )
    opened.send(1)
    return {
      ...opened,
      pings,
      end() {
        isOver = true
        look.resolve()
      },
      fail: () => look.reject(new ChatError("overloaded")),
    }
  }

  test("is carried out when they have been looked up", async () => {
    const { pings, end } = inDoubt()
    await Bun.sleep(0)
    expect(pings).toEqual([])

    end()
    await Bun.sleep(0)
    expect(pings).toHaveLength(1)
  })

  test("is never carried out where the connection has been ended by that", async () => {
    const { connection, pings, answers, end } = inDoubt()

    connection.close()
    end()
    await Bun.sleep(0)

    expect(pings).toEqual([])
    expect(answers).toEqual([])
  })

  test("is refused where they cannot be looked up", async () => {
    const { pings, answers, fail } = inDoubt()

    fail()
    await Bun.sleep(0)

    expect(pings).toEqual([])
    expect(parsed(answers)).toMatchObject([{ type: "error", id: 1, data: { code: "overloaded" } }])
  })
})
