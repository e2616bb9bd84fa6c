/**
 * A small team in the middle of its day, as the pictures of the web client show it. The server's
 * clock goes forward with what is said, so that days and hours are lifelike.
 */
import { type Person, person } from "../../tests/support/people"
import type { TestServer } from "../../tests/support/server"
import { upload } from "../../tests/support/uploads"
import { PROFILES, REVIEW, TALK } from "./words"

const MINUTE_MS = 60_000

/** What somebody says, so many minutes after the last one. */
export interface Saying {
  readonly who: string
  readonly after: number
  readonly text: string
  /** The answers in its thread. */
  readonly thread?: readonly Saying[]
  /** Who reacts with what. */
  readonly reactions?: Readonly<Record<string, readonly string[]>>
  /** Answers the message that begins so. */
  readonly answers?: string
  readonly isPinned?: boolean
  readonly picture?: "chart"
}

export interface Scene {
  readonly people: ReadonlyMap<string, Person>
  readonly roomId: string
  /** Of the message with a thread. */
  readonly threadOf: string
}

/** Fills an empty server; `chart` is a picture that somebody shows. */
export async function setScene(server: TestServer, chart: Uint8Array<ArrayBuffer>): Promise<Scene> {
  const people = new Map<string, Person>()
  for (const [name, profile] of Object.entries(PROFILES)) {
    const somebody = await person(server.url, name)
    await somebody.patch("/users/me", profile)
    people.set(name, somebody)
  }
  const one = (name: string): Person => {
    const found = people.get(name)
    if (found === undefined) throw new Error(`there is no ${name}`)
    return found
  }
  const said = new Map<string, string>()

  async function say(roomId: string, saying: Saying, threadId: string | null): Promise<string> {
    server.clock.advance(saying.after * MINUTE_MS)
    const who = one(saying.who)
    const picture = saying.picture === undefined ? null : await show(who)
    const { body, status } = await who.post(`/rooms/${roomId}/messages`, {
      content: saying.text,
      thread_id: threadId,
      reply_to: saying.answers === undefined ? null : (said.get(saying.answers) ?? null),
      ...(picture === null ? {} : { attachment_ids: [picture] }),
    })
    if (status >= 300) throw new Error(`${saying.text}: ${JSON.stringify(body)}`)
    said.set(saying.text.slice(0, 12), body.id)
    for (const answer of saying.thread ?? []) await say(roomId, answer, body.id)
    for (const [emoji, names] of Object.entries(saying.reactions ?? {})) {
      for (const name of names) {
        await one(name).put(`/messages/${body.id}/reactions/${encodeURIComponent(emoji)}`)
      }
    }
    if (saying.isPinned === true) await one("ann").put(`/messages/${body.id}/pin`)
    return body.id
  }
  async function show(who: Person): Promise<string> {
    const { body } = await upload(server.url, who, { name: "first-load.png", content: chart })
    return body.id
  }

  async function makeRoom(name: string, topic: string, more: object = {}): Promise<string> {
    const { body } = await one("ann").post("/rooms", { name, topic, ...more })
    for (const other of people.keys()) {
      if (other !== "ann") await one("ann").put(`/rooms/${body.id}/members/${one(other).id}`)
    }
    return body.id
  }

  const general = await makeRoom("general", "What concerns all of us")
  const roomId = await makeRoom("launch", "Version 2 goes out on Thursday")
  const design = await makeRoom("design", "Screens, words, colours")
  await makeRoom("team-leads", "Plans and people", { type: "private" })
  let threadOf = ""
  for (const saying of TALK) {
    const id = await say(roomId, saying, null)
    if (saying.thread !== undefined) threadOf = id
  }
  const { body: launch } = await one("ann").get(`/rooms/${roomId}`)
  await one("ann").put(`/rooms/${roomId}/read`, { seq: launch.head })
  for (const saying of REVIEW) await say(design, saying, null)
  await say(general, { who: "cleo", after: 2, text: "Cake in the kitchen 🍰" }, null)
  for (const name of ["bob", "dara"]) {
    const { body } = await one(name).post("/conversations", { user_ids: [one("ann").id] })
    await say(body.id, { who: name, after: 1, text: "Have you got a minute?" }, null)
  }
  for (const name of ["bob", "dara"]) await one(name).connect()
  return { people, roomId, threadOf }
}
