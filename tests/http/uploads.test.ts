import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { createFiles } from "../../src/files"
import { createS3Storage } from "../../src/files/storage.s3"
import { type House, openHouse } from "../support/house"
import { listening } from "../support/listening"
import { type Person, person, roomOf } from "../support/people"
import { startS3 } from "../support/s3"
import { expectProblem } from "../support/scenarios"
import { createScratch } from "../support/scratch"
import { startServer } from "../support/server"
import { download, filesIn, png, statusFor, upload } from "../support/uploads"

const TEXT = "0123456789"

describe("files", () => {
  let house: House
  let ann: Person
  let bob: Person
  let eve: Person
  let count = 0

  beforeAll(async () => {
    house = await openHouse()
  })
  beforeEach(async () => {
    count++
    const some = ["ann", "bob", "eve"].map((name) => person(house.url, `${name}-${count}`))
    const [one, other, third] = await Promise.all(some)
    if (one === undefined || other === undefined || third === undefined) throw new Error("nobody")
    ann = one
    bob = other
    eve = third
  })
  afterAll(() => house.stop())

  const privateRoom = async (): Promise<string> => {
    const { body } = await ann.post("/rooms", { name: "ours", type: "private" })
    await ann.put(`/rooms/${body.id}/members/${bob.id}`)
    return body.id
  }
  const textOf = async (who: Person, path: string, headers = {}) =>
    (await download(house.url, who, path, { headers })).text()

  test("given ann sends a picture to bob, then he hears of it, sees it whole and small, and eve does not, nor anybody before", async () => {
    const room = await privateRoom()
    const listener = await bob.connect()
    await listener.ask("subscribe", { all: true })
    const content = png(1000, 500)

    const { body: file } = await upload(house.url, ann, {
      name: "C:\\Bilder\\Übersee.png",
      content,
    })
    const before = await Promise.all([bob, eve].map((who) => statusFor(house.url, who, file.url)))
    const sent = await ann.post(`/rooms/${room}/messages`, {
      content: "look",
      attachment_ids: [file.id],
    })

    expect(file).toEqual({
      id: file.id,
      url: `/api/v1/uploads/${file.id}`,
      name: "Übersee.png",
      mime: "image/png",
      size: content.length,
      width: 1000,
      height: 500,
      thumbnail_url: `/api/v1/uploads/${file.id}/thumbnail`,
    })
    expect(before).toEqual([404, 404])
    expect(sent.body.attachments).toEqual([file])
    const told = await listener.next("message.created")
    expect(told.data).toMatchObject({ content: "look", attachments: [file] })
    const seen = await download(house.url, bob, file.url)
    expect(new Uint8Array(await seen.arrayBuffer())).toEqual(content)
    const small = await download(house.url, bob, file.thumbnail_url)
    expect(small.headers.get("content-type")).toBe("image/webp")
    expect(await new Bun.Image(await small.arrayBuffer()).metadata()).toEqual({
      width: 400,
      height: 200,
      format: "webp",
    })
    for (const path of [file.url, file.thumbnail_url]) {
      expectProblem(await eve.get(path.replace("/api/v1", "")), "upload_not_found")
      expect((await fetch(house.url + path)).status).toBe(401)
    }
  })

  test("sent over the WebSocket it is the same, and a caption is not needed", async () => {
    const room = await privateRoom()
    const { body: file } = await upload(house.url, ann, { content: TEXT, name: "a.txt" })
    const [socket, listener] = [await ann.connect(), await bob.connect()]
    await listener.ask("subscribe", { all: true })

    const answer = await socket.ask("message.send", {
      room_id: room,
      content: "",
      attachment_ids: [file.id],
    })

    expect(answer.type).toBe("ok")
    expect((await listener.next("message.created")).data.attachments).toEqual([file])
    expect(await textOf(bob, file.url)).toBe(TEXT)
  })

  test("who leaves the room, or is banned from a public one, sees its files no more", async () => {
    const hidden = await privateRoom()
    const open = await roomOf(ann, [eve])
    const files = await Promise.all(
      [hidden, open.id].map(async (room) => {
        const { body } = await upload(house.url, ann, { content: room })
        await ann.post(`/rooms/${room}/messages`, { content: "", attachment_ids: [body.id] })
        return body
      }),
    )
    const [inHidden, inOpen] = files.map((it) => it.url)
    expect([
      await statusFor(house.url, bob, inHidden),
      await statusFor(house.url, eve, inOpen),
    ]).toEqual([200, 200])

    await bob.post(`/rooms/${hidden}/leave`)
    await ann.put(`/rooms/${open.id}/bans/${eve.id}`)

    expect([
      await statusFor(house.url, bob, inHidden),
      await statusFor(house.url, eve, inOpen),
    ]).toEqual([404, 404])
    expect(await statusFor(house.url, bob, inOpen)).toBe(200)
  })

  test("what somebody looks like is seen by everybody, as long as it is their own upload", async () => {
    const { body: file } = await upload(house.url, ann, { content: png(8, 8) })

    await eve.patch("/users/me", { avatar_url: file.url })
    expect(await statusFor(house.url, eve, file.url)).toBe(404)
    await ann.patch("/users/me", { avatar_url: file.url })

    expect(await statusFor(house.url, eve, file.url)).toBe(200)
    expectProblem(await ann.delete(`/uploads/${file.id}`), "conflict")
    await ann.patch("/users/me", { avatar_url: null })
    expect(await statusFor(house.url, eve, file.url)).toBe(404)
    expect((await ann.delete(`/uploads/${file.id}`)).status).toBe(204)
  })

  test("only its owner deletes it, as long as no message shows it, and then it is nowhere", async () => {
    const room = await roomOf(ann)
    const { body: file } = await upload(house.url, ann, { content: `only ${count}` })
    const { body: shown } = await upload(house.url, ann, { content: `shown ${count}` })
    await ann.post(`/rooms/${room.id}/messages`, { content: "", attachment_ids: [shown.id] })
    const before = filesIn(house.filesFolder).length

    expectProblem(await bob.delete(`/uploads/${file.id}`), "upload_not_found")
    expectProblem(await ann.delete(`/uploads/${shown.id}`), "conflict")
    expect((await ann.delete(`/uploads/${file.id}`)).status).toBe(204)

    expectProblem(await ann.get(`/uploads/${file.id}`), "upload_not_found")
    expectProblem(await ann.delete(`/uploads/${file.id}`), "upload_not_found")
    expect(filesIn(house.filesFolder)).toHaveLength(before - 1)
    expect(house.rows(`select id from uploads where id = '${file.id}'`)).toEqual([])
  })

  test("a message shows the sender's own uploads, each once, and none of 11 attachments", async () => {
    const room = await roomOf(ann, [bob])
    const own: string[] = []
    for (let index = 0; index < 11; index++) {
      own.push((await upload(house.url, ann, { content: `${index}` })).body.id)
    }
    const { body: foreign } = await upload(house.url, bob, { content: "bob's" })
    const head = (await ann.get(`/rooms/${room.id}`)).body.head
    const send = (ids: readonly string[]) =>
      ann.post(`/rooms/${room.id}/messages`, { content: "x", attachment_ids: ids })

    const [first = "", ...others] = own
    expectProblem(await send(own), "invalid_request", ["attachment_ids"])
    expectProblem(await send([first, foreign.id, first, "nothing"]), "invalid_request", [
      "attachment_ids.1",
      "attachment_ids.2",
      "attachment_ids.3",
    ])
    expect((await ann.get(`/rooms/${room.id}`)).body.head).toBe(head)

    const { body: ten } = await send(others)
    expect(ten.attachments.map((it: { id: string }) => it.id)).toEqual(others)
    // The same may stand in another message.
    expect((await send([others[0] ?? ""])).status).toBe(200)
  })

  test("sent again with the same client_id, it is the same message and shows it once", async () => {
    const room = await roomOf(ann)
    const socket = await listening(ann, room)
    const { body: file } = await upload(house.url, ann, { content: "again" })
    const body = { content: "", attachment_ids: [file.id], client_id: "once" }

    const [one, other] = [
      await ann.post(`/rooms/${room.id}/messages`, body),
      await ann.post(`/rooms/${room.id}/messages`, body),
    ]

    expect(other.body).toMatchObject({ id: one.body.id, duplicate: true, attachments: [file] })
    await socket.next("message.created")
    expect(await socket.framesUntilQuiet()).toEqual([])
  })

  test("kept in S3 they are answered by the server itself, whole and in part, and not sent for elsewhere", async () => {
    const [s3, scratch] = [startS3(), createScratch()]
    const storage = createS3Storage(s3.settings, () => undefined)
    const server = await startServer({ files: createFiles({ folder: scratch.folder, storage }) })
    const cleo = await person(server.url, "cleo")
    try {
      const content = png(600, 300)
      const { body: file } = await upload(server.url, cleo, { content })

      const whole = await download(server.url, cleo, file.url)
      expect([whole.status, whole.redirected]).toEqual([200, false])
      expect(new Uint8Array(await whole.arrayBuffer())).toEqual(content)
      const part = await download(server.url, cleo, file.url, { headers: { range: "bytes=1-3" } })
      expect([part.status, await part.text()]).toEqual([206, "PNG"])
      expect((await download(server.url, cleo, file.thumbnail_url)).status).toBe(200)
      s3.break()
      expectProblem(await upload(server.url, cleo, { content: "lost" }), "overloaded")
      expectProblem(await cleo.get(`/uploads/${file.id}`), "overloaded")
      expect(filesIn(scratch.folder)).toEqual([])
    } finally {
      await server.stop()
      await s3.stop()
      scratch.remove()
    }
  })

  describe("as it is answered", () => {
    const RANGES = [
      ["bytes=0-0", "0", "bytes 0-0/10"],
      ["bytes=2-4", "234", "bytes 2-4/10"],
      ["bytes=7-", "789", "bytes 7-9/10"],
      ["bytes=7-99", "789", "bytes 7-9/10"],
      ["bytes=-3", "789", "bytes 7-9/10"],
      ["bytes=-99", TEXT, "bytes 0-9/10"],
      ["BYTES=9-9", "9", "bytes 9-9/10"],
    ] as const
    let url: string

    beforeEach(async () => {
      url = (await upload(house.url, ann, { content: TEXT, name: "ten.txt" })).body.url
    })

    test.each([...RANGES])("Range: %s is the part %s", async (range, part, told) => {
      const answer = await download(house.url, ann, url, { headers: { range } })

      expect([answer.status, answer.headers.get("content-range")]).toEqual([206, told])
      expect(await answer.text()).toBe(part)
    })

    test.each(["bytes=10-", "bytes=10-20", "bytes=-0"])("Range: %s is beyond it", async (range) => {
      const answer = await download(house.url, ann, url, { headers: { range } })

      expect([answer.status, answer.headers.get("content-range")]).toEqual([416, "bytes */10"])
      expect(await answer.text()).toBe("")
    })

    test.each(["bytes=0-1,3-4", "bytes=4-2", "bytes=-", "bytes=a-b", "lines=0-1", "bytes=1-2x"])(
      "Range: %s is ignored",
      async (range) => {
        const answer = await download(house.url, ann, url, { headers: { range } })

        expect([answer.status, await answer.text()]).toEqual([200, TEXT])
      },
    )

    test("If-Range and If-None-Match know it by its ETag, and HEAD tells all but the content", async () => {
      const whole = await download(house.url, ann, url)
      const etag = whole.headers.get("etag") ?? ""
      const ask = (headers: Record<string, string>, method = "GET") =>
        download(house.url, ann, url, { headers, method })

      expect((await ask({ range: "bytes=0-1", "if-range": etag })).status).toBe(206)
      expect((await ask({ range: "bytes=0-1", "if-range": '"other"' })).status).toBe(200)
      const known = await ask({ "if-none-match": `"other", W/${etag}`, range: "bytes=0-1" })
      expect([known.status, await known.text(), known.headers.get("etag")]).toEqual([304, "", etag])
      expect((await ask({ "if-none-match": '"other"' })).status).toBe(200)
      const head = await ask({}, "HEAD")
      expect([head.status, await head.text()]).toEqual([200, ""])
      for (const name of ["content-length", "content-type", "content-disposition", "etag"]) {
        expect(head.headers.get(name)).toBe(whole.headers.get(name))
      }
    })

    test("an empty file is a file, of which no range is any part", async () => {
      const { body: file } = await upload(house.url, ann, { content: "", name: "empty" })

      expect(file).toMatchObject({ size: 0, mime: "text/plain" })
      expect(await textOf(ann, file.url)).toBe("")
      expect(
        await (await download(house.url, ann, file.url, { headers: { range: "bytes=0-" } })).status,
      ).toBe(416)
    })
  })
})
