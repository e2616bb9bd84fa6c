import { Database } from "bun:sqlite"
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { SQL } from "bun"
import { ClientFrame } from "../../src/protocol/socket-frames"
import { type House, openHouse } from "../support/house"
import { type Answer, type Person, person } from "../support/people"
import { changeRows } from "../support/rows"
import { standInUrl } from "../support/stand-ins"
import { fileForm, png, upload } from "../support/uploads"
import { REQUESTS } from "./rights"
import { COMMANDS, FILE_FORM, type Outcome, ROUTES, SOCKETS, WHO, type Who } from "./rules"

const ROOM_TYPES = ["public", "private", "direct"] as const
type RoomType = (typeof ROOM_TYPES)[number]

interface Cast {
  readonly people: Readonly<Record<Exclude<Who, "anonymous">, Person>>
  /** A plain member, to be acted on. */
  readonly target: Person
}

/** People with their places in a room of their own, and things that belong to the owner. */
interface World extends Cast {
  readonly roomId: string
  readonly messageId: string
  /** A picture that this message shows. */
  readonly uploadId: string
  readonly inviteCode: string
  readonly sessionId: string
  readonly keyId: string
  readonly scheduledId: string
}

/** What `rooms.test.ts` asks, but for what is here as well: a conversation has no invites. */
const ROUTES_OF_ROOMS = [
  ...new Set(
    Object.values(REQUESTS).map(([method, template]) => {
      const path = template
        .replace(/\?.*/, "")
        .replace(/:(room|message|others)\b/, ":id")
        .replace(/\/reactions\/.+/, "/reactions/:emoji")
        .replace(/\/(members|bans|mutes)\/.+/, "/$1/:user")
      return `${method.toUpperCase()} /api/v1${path}`
    }),
  ),
].filter((route) => !(route in ROUTES))

let count = 0

describe("who may do what by every route and command", () => {
  let house: House
  let cast: Cast
  let witness: Witness

  beforeAll(async () => {
    house = await openHouse()
    cast = await createCast()
    witness = createWitness(house.path)
  })
  afterAll(async () => {
    await witness.close()
    await house.stop()
  })

  async function somebody(who: string): Promise<Person> {
    return person(house.url, `${who}-${++count}`)
  }

  async function createCast(): Promise<Cast> {
    const people: Record<string, Person> = {}
    for (const who of WHO) if (who !== "anonymous") people[who] = await somebody(who)
    const cast = { people: people as Cast["people"], target: await somebody("target") }
    changeRows(house.path, `update users set role = 'admin' where id = '${cast.people.admin.id}'`)
    return cast
  }

  async function createWorld(type: RoomType, cast: Cast): Promise<World> {
    const { people, target } = cast
    const { owner, moderator, member, former, banned } = people
    const roomId =
      type === "direct"
        ? await must(owner.post("/conversations", { user_ids: [member.id] }))
        : await must(owner.post("/rooms", { name: "room", type }))
    let inviteCode = "there-is-no-invite"
    if (type !== "direct") {
      for (const it of [moderator, member, former, target]) {
        await must(owner.put(`/rooms/${roomId}/members/${it.id}`))
      }
      await must(owner.put(`/rooms/${roomId}/members/${moderator.id}`, { role: "moderator" }))
      await must(former.post(`/rooms/${roomId}/leave`))
      await must(owner.put(`/rooms/${roomId}/bans/${banned.id}`))
      const invite = await owner.post(`/rooms/${roomId}/invites`)
      inviteCode = invite.body.code
    }
    return {
      ...cast,
      roomId,
      uploadId: "there-is-no-upload",
      inviteCode,
      messageId: await must(owner.post(`/rooms/${roomId}/messages`, { content: "first" })),
      sessionId: (await owner.get("/auth/sessions")).body[0].id,
      keyId: await keyOf(owner),
      scheduledId: await scheduledOf(owner, roomId),
    }
  }

  /** The same, with a message that shows a picture: only who asks for files waits for that. */
  async function createWorldWithFile(type: RoomType, cast: Cast): Promise<World> {
    const world = await createWorld(type, cast)
    const { owner } = cast.people
    const uploadId = await must(upload(house.url, owner, { content: png(2, 2) }))
    const shown = { content: "", attachment_ids: [uploadId] }
    await must(owner.post(`/rooms/${world.roomId}/messages`, shown))
    return { ...world, uploadId }
  }

  /** The one they have: there may not be one more with each world. */
  async function keyOf(owner: Person): Promise<string> {
    const [known] = (await owner.get("/auth/keys")).body
    return known?.id ?? (await must(owner.post("/auth/keys", { name: "bot" })))
  }

  /** The same of what waits to be sent. */
  async function scheduledOf(owner: Person, roomId: string): Promise<string> {
    const [known] = (await owner.get("/scheduled")).body
    const send_at = new Date(Date.now() + 86_400_000).toISOString()
    return (
      known?.id ??
      (await must(owner.post(`/rooms/${roomId}/scheduled`, { content: "hello", send_at })))
    )
  }

  /** The room with everybody in it; who was online is stored at any time. */
  const placesIn = (roomId: string) =>
    house.rows(
      `select head, member_count, user_numeric_id, left_at, last_read_seq from rooms
       join members on room_numeric_id = rooms.numeric_id where id = '${roomId}'`,
    )

  /** As clients of protocols know it that have numbers. */
  const numberOf = (table: "users" | "rooms", id: string) =>
    String(house.rows(`select numeric_id from ${table} where id = '${id}'`)[0]?.numeric_id)

  const tokenOf = ({ people }: World, who: Who) => (who === "anonymous" ? null : people[who].token)

  test("every route has a rule, and every rule a route", () => {
    const declared = house.routes.map(
      ({ method, path }) => `${method} ${path.replace(/(.)\/$/, "$1")}`,
    )

    const known = [...Object.keys(ROUTES), ...ROUTES_OF_ROOMS, ...SOCKETS]

    expect([...new Set(declared)].sort()).toEqual(known.sort())
  })

  test("no route of a room answers anybody who has not said who they are", async () => {
    const world = await createWorld("public", cast)
    const seen = await witness.changes()

    for (const route of ROUTES_OF_ROOMS) {
      const answer = await request(world, "anonymous", route, {})
      expect([route, outcomeOf(answer)]).toEqual([route, "unauthorized"])
    }
    expect(await witness.changes()).toBe(seen)
    expect(ROUTES_OF_ROOMS.length).toBeGreaterThan(20)
  })

  test("every command has a rule", () => {
    const types = ClientFrame.options.map(({ shape }) => shape.type.value)

    expect(Object.keys(COMMANDS).sort()).toEqual([...types].sort())
  })

  describe.each(Object.entries(ROUTES))("%s", (route, rule) => {
    const types = rule.about === "room" ? ROOM_TYPES : (["public"] as const)
    test.each([...types])(
      "about a %s room",
      async (type) => {
        const isRead = route.startsWith("GET")
        // What is about a room changes nobody outside of it; all else may change its people.
        const create = route.includes("/uploads/") ? createWorldWithFile : createWorld
        const next = async () => create(type, rule.about === "room" ? cast : await createCast())
        let world = await next()
        const answered: Partial<Record<Who, Outcome>> = {}
        for (const who of WHO) {
          // Whoever may, changes the world: those after them need another.
          if (!isRead && answered[WHO[WHO.indexOf(who) - 1] ?? who] === "ok") {
            world = await next()
          }
          const seen = await witness.changes()
          const answer = await request(world, who, route, rule)
          answered[who] = outcomeOf(answer)
          if (answered[who] !== "ok") expect(await witness.changes()).toBe(seen)
        }

        const outcomes = rule.about === "room" ? rule.outcomes[type] : rule.outcomes
        expect(answered).toEqual(outcomes)
      },
      20_000,
    )
  })

  async function request(
    world: World,
    who: Who,
    route: string,
    { body }: { readonly body?: unknown },
  ): Promise<Answer> {
    const [method = "", pattern = ""] = route.split(" ")
    const id = pattern.includes("/rooms/")
      ? world.roomId
      : pattern.includes("/chats/")
        ? numberOf("rooms", world.roomId)
        : pattern.includes("/messages/")
          ? world.messageId
          : pattern.includes("/uploads/")
            ? world.uploadId
            : pattern.includes("/sessions/")
              ? world.sessionId
              : pattern.includes("/keys/")
                ? world.keyId
                : pattern.includes("/scheduled/")
                  ? world.scheduledId
                  : world.people.owner.id
    const path = pattern
      .replace(":id", id)
      .replace(":user", world.target.id)
      .replace(":code", world.inviteCode)
      .replace(":emoji", "%F0%9F%91%8D")
      .replace(":file", "page.js")
    const token = tokenOf(world, who)
    const filled = JSON.stringify(body)
      ?.replace('"username":"<fresh>"', `"username":"fresh-${++count}"`)
      .replace('"<fresh>"', `"${world.people.owner.refreshToken}"`)
      .replace('"owner"', `"${world.people.owner.name}"`)
      .replace('"<other>"', `"${world.target.id}"`)
      .replace('"<room>"', `"${world.roomId}"`)
      .replace('"<number>"', numberOf("users", world.target.id))
      // Who is nobody says to be somebody.
      .replace(
        '"<me>"',
        numberOf("users", who === "anonymous" ? world.people.owner.id : world.people[who].id),
      )
    const isForm = body === FILE_FORM
    const response = await fetch(`${house.url}${path}`, {
      method,
      headers: {
        ...(filled === undefined || isForm ? {} : { "content-type": "application/json" }),
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(filled === undefined ? {} : { body: isForm ? fileForm({ content: "x" }) : filled }),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : null,
    }
  }

  describe.each(Object.entries(COMMANDS))("the command %s", (type, { data, outcomes }) => {
    const types = outcomes === null ? (["public"] as const) : ROOM_TYPES
    test.each([...types])(
      "about a %s room",
      async (roomType) => {
        const answered: Partial<Record<Who, Outcome>> = {}
        for (const who of WHO) {
          // Nobody can send a command without having said who they are (tests/sockets).
          if (who === "anonymous") continue
          const world = await createWorld(roomType, cast)
          const before = placesIn(world.roomId)
          const socket = await world.people[who].connect()
          const answer = await socket.ask(
            type,
            JSON.parse(
              JSON.stringify(data)
                .replace("<room>", world.roomId)
                .replace("<message>", world.messageId)
                .replace("<own>", world.people[who].token),
            ),
          )
          const [part] = answer.data.rooms ?? []
          answered[who] = part?.error?.code ?? (answer.type === "ok" ? "ok" : answer.data.code)
          socket.close()
          if (answered[who] !== "ok") expect(placesIn(world.roomId)).toEqual(before)
        }

        const { anonymous: _, ...expected } = outcomes?.[roomType] ?? ALL_OK
        expect(answered).toEqual(expected)
      },
      20_000,
    )
  })
})

/** Sees whether anything at all was stored, by whomever, in whatever table. */
interface Witness {
  changes(): Promise<unknown>
  close(): unknown
}

function createWitness(path: string): Witness {
  const url = standInUrl(path)
  return url === null ? watchFile(path) : watchPostgres(url)
}

function watchFile(path: string): Witness {
  const file = new Database(path, { readwrite: true })
  const version = file.query<{ data_version: number }, []>("PRAGMA data_version")
  return {
    changes: async () => version.get()?.data_version,
    close: () => file.close(),
  }
}

/** Each row tells the last transaction that wrote it, and how many there are tells the rest. */
function watchPostgres(url: string): Witness {
  const sql = new SQL(url, { max: 1 })
  const tables = sql`select table_name from information_schema.tables where table_schema = 'public'`
  const look = async () => {
    const looks = [...(await tables)].map(
      ({ table_name: name }) =>
        `select '${name}' as name, count(*), max(xmin::text::bigint) from ${name}`,
    )
    return looks.join(" union all ")
  }
  const query = look()
  return {
    changes: async () => JSON.stringify(await sql.unsafe(`${await query} order by 1`)),
    close: () => sql.close(),
  }
}

const ALL_OK = Object.fromEntries(WHO.map((who) => [who, "ok"])) as unknown as Readonly<
  Record<Who, Outcome>
>

const outcomeOf = ({ status, body }: Answer): Outcome => (status < 300 ? "ok" : body.code)

/** The id of what was made, where there is one. */
async function must(task: Promise<Answer>): Promise<string> {
  const { status, body } = await task
  if (status >= 300) throw new Error(`the world could not be made: ${JSON.stringify(body)}`)
  return body?.id ?? ""
}
