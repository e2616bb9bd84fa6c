import { expect, test } from "bun:test"
import { randomBytes } from "node:crypto"
import fc, { type Arbitrary } from "fast-check"
import { openHouse } from "../support/house"
import { listening } from "../support/listening"
import { moved } from "../support/moved"
import { person, roomOf } from "../support/people"
import { createScratch } from "../support/scratch"
import { jsonText, nastyText } from "./arbitraries"
import { runs, timeoutMs } from "./runs"

const RUNS = 150

const text: Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary", minLength: 1, maxLength: 60 }),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }),
  nastyText,
)

/** Keys and numbers that some parser or database would change. */
const metadata = fc.option(
  fc.oneof(
    fc.dictionary(nastyText, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4, noNullPrototype: true }),
    fc.constantFrom('{"a":1e999}', '{"a":-0}', '{"__proto__":{"a":1}}', '{"a":{"__proto__":1}}'),
    fc.constantFrom('{"a":1,"a":2}', '{"2":1,"1":2}', '{"a":1e-999}', '{"a":0.1e-7}', '{"":null}'),
  ),
  { nil: undefined },
)
const asJson = (it: unknown): string => (typeof it === "string" ? it : jsonText(it))

/** What JSON says, by its own order of keys: `{"a":-0}` and `{"a":0}` are one. */
const meaning = (json: string) => JSON.stringify(JSON.parse(json))

test(
  "every text that is accepted comes back as it was sent: by event, history, resume, retry, and after a restart",
  async () => {
    const scratch = createScratch()
    const start = {
      env: { CHAT_MAX_FRAMES_PER_SEC: "0" },
      path: scratch.path("parley.db"),
      tokenSecret: randomBytes(32),
    }
    const house = await openHouse(start)
    const ann = await person(house.url, "ann")
    const room = await roomOf(ann)
    const socket = await listening(ann, room)
    const accepted: { readonly id: string; readonly sent: string }[] = []
    const partsOf = (message: { content: string; client_id?: string; metadata: unknown }) =>
      JSON.stringify([message.content, message.client_id, message.metadata])

    let cases = 0

    const property = fc.asyncProperty(text, text, metadata, async (content, ending, more) => {
      // Never the same twice, or it would be a retry of another case.
      const clientId = `${++cases} ${ending}`
      const fields = [
        `"room_id":${JSON.stringify(room.id)},"content":${JSON.stringify(content)}`,
        `"client_id":${JSON.stringify(clientId)}`,
        ...(more === undefined ? [] : [`"metadata":${asJson(more)}`]),
      ]
      const send = async (id: string) => {
        socket.sendRaw(`{"type":"message.send","id":"${id}","data":{${fields.join(",")}}}`)
        return socket.next((frame) => frame.id === id && frame.type !== "ping")
      }
      const from = socket.frames.length
      const answer = await send(`first ${from}`)
      if (answer.type === "error") {
        expect(answer.data.code).toBe("invalid_request")
        return
      }
      const parsed = more === undefined ? "null" : meaning(asJson(more))
      const sent = `[${JSON.stringify(content)},${JSON.stringify(clientId)},${parsed}]`
      const event = socket.frames.slice(from).find(({ type }) => type === "message.created")
      expect(partsOf(event?.data)).toBe(sent)
      const retried = await send(`again ${from}`)
      expect(retried.data).toMatchObject({ id: answer.data.id, duplicate: true })
      expect(partsOf((await ann.get(`/messages/${answer.data.id}`)).body)).toBe(sent)
      accepted.push({ id: answer.data.id, sent })
    })
    await fc.assert(property, runs(RUNS))

    expect(accepted.length).toBeGreaterThan(RUNS / 3)
    await house.stop()
    const again = await openHouse(start)
    const back = moved(ann, again.url)
    for (const { id, sent } of accepted) {
      expect(partsOf((await back.get(`/messages/${id}`)).body)).toBe(sent)
    }
    const page = (await back.get(`/rooms/${room.id}/messages?limit=200`)).body
    expect(page.map(partsOf)).toEqual(accepted.slice(-page.length).map(({ sent }) => sent))
    await again.stop()
    scratch.remove()
  },
  timeoutMs(RUNS),
)

test(
  "every name that is accepted comes back as it was sent, of rooms, topics, keys and people",
  async () => {
    const house = await openHouse()
    const ann = await person(house.url, "ann")
    let accepted = 0

    const property = fc.asyncProperty(text, text, async (name, topic) => {
      const made = await ann.post("/rooms", { name, topic })
      if (made.status !== 200) {
        expect(made.body.code).toBe("invalid_request")
        return
      }
      accepted++
      const found = await ann.get(`/rooms/${made.body.id}`)
      expect([made.body.name, made.body.topic]).toEqual([name, topic])
      expect([found.body.name, found.body.topic]).toEqual([name, topic])
      const key = await ann.post("/auth/keys", { name })
      const keys = (await ann.get("/auth/keys")).body
      expect(keys.find((it: { id: string }) => it.id === key.body.id)?.name).toBe(name)
      await ann.delete(`/auth/keys/${key.body.id}`)
    })
    await fc.assert(property, runs(50))

    expect(accepted).toBeGreaterThan(10)
    await house.stop()
  },
  timeoutMs(50),
)
