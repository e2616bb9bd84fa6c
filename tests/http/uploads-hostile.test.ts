import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { connect } from "node:net"
import { type House, openHouse } from "../support/house"
import { type Person, person, roomOf } from "../support/people"
import { askRaw } from "../support/raw-http"
import { changeRows } from "../support/rows"
import { expectProblem } from "../support/scenarios"
import { createScratch } from "../support/scratch"
import { startServer } from "../support/server"
import { startServerProcess } from "../support/server-process"
import { download, filesIn, png, sendForm, upload } from "../support/uploads"
import { waitUntil } from "../support/wait"

const MIB = 1024 * 1024
const BOUNDARY = "----parley"
const head = (rest: string) => `--${BOUNDARY}\r\nContent-Disposition: form-data; ${rest}\r\n\r\n`
const END = `\r\n--${BOUNDARY}--\r\n`

describe("files of who means no good", () => {
  let house: House
  let ann: Person

  beforeAll(async () => {
    house = await openHouse()
    ann = await person(house.url, "ann")
  })
  afterAll(() => house.stop())

  const kept = () => filesIn(house.filesFolder)
  const send = (
    body: string | Uint8Array,
    contentType = `multipart/form-data; boundary=${BOUNDARY}`,
  ) =>
    askRaw(house.url, {
      method: "POST",
      target: "/api/v1/uploads",
      headers: [
        ["authorization", `Bearer ${ann.token}`],
        ["content-type", contentType],
      ],
      body,
    })

  /** A form's body in chunks of 64 KiB, which say nothing of their number. */
  function streamed(size: number) {
    let left = size
    return new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(Buffer.from(head('name="file"; filename="a"')))
      },
      pull(controller) {
        const chunk = new Uint8Array(Math.min(left, 65_536))
        left -= chunk.length
        if (chunk.length > 0) return controller.enqueue(chunk)
        controller.enqueue(Buffer.from(END))
        controller.close()
      },
    })
  }
  const sendStream = (url: string, token: string, bytes: number) =>
    fetch(`${url}/api/v1/uploads`, {
      method: "POST",
      body: streamed(bytes),
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": `multipart/form-data; boundary=${BOUNDARY}`,
      },
    })

  test.each([
    ["a file that breaks off", `${head('name="file"; filename="a"')}hello`],
    [
      "a form that breaks off behind the file",
      `${head('name="file"; filename="a"')}hello\r\n--${BOUNDARY}\r\nContent-`,
    ],
    ["no file", `${head('name="other"')}hello${END}`],
    ["a text in the field of the file", `${head('name="file"')}hello${END}`],
    ["the file in another field", `${head('name="upload"; filename="a"')}hello${END}`],
    [
      "two files",
      `${head('name="file"; filename="a"')}one\r\n${head('name="file"; filename="b"')}two${END}`,
    ],
    [
      "a second file in another field",
      `${head('name="file"; filename="a"')}one\r\n${head('name="b"; filename="b"')}two${END}`,
    ],
    [
      "17 fields beside it",
      `${head('name="file"; filename="a"')}x\r\n${Array.from({ length: 17 }, () => `${head('name="n"')}v\r\n`).join("")}--${BOUNDARY}--\r\n`,
    ],
    [
      "another boundary",
      `${head('name="file"; filename="a"').replace("parley", "other")}hello${END}`,
    ],
    [
      "a head of 100 KiB",
      `--${BOUNDARY}\r\nX: ${"x".repeat(100_000)}\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhello${END}`,
    ],
    ["nothing", ""],
  ])("%s is refused, and nothing is left of it", async (_what, body) => {
    const before = kept()
    const rows = house.rows("select id from uploads")

    const answer = await send(body)

    expect(answer?.status).toBe(400)
    expect(JSON.parse(answer?.body ?? "")).toMatchObject({ code: "invalid_request" })
    expect(kept()).toEqual(before)
    expect(house.rows("select id from uploads")).toEqual(rows)
  })

  test.each([
    ["application/json"],
    ["text/plain"],
    ["multipart/form-data"],
    ["multipart/mixed; boundary=x"],
    ["multipart/form-data; boundary="],
  ])("a body of %s is refused", async (contentType) => {
    const answer = await send(`${head('name="file"; filename="a"')}hello${END}`, contentType)

    expect(answer?.status).toBe(400)
    expect(JSON.parse(answer?.body ?? "")).toMatchObject({ code: "invalid_request" })
  })

  test("fields beside the file are read over, whatever stands behind the form too", async () => {
    const answer = await send(
      `${head('name="title"')}a\r\n${head('name="file"; filename="a.txt"')}hello\r\n${head('name="b"')}c${END}epilogue`,
    )

    expect(answer?.status).toBe(200)
    expect(JSON.parse(answer?.body ?? "")).toMatchObject({ name: "a.txt", size: 5 })
  })

  test("who breaks off in the middle of a file leaves nothing behind", async () => {
    const before = kept()
    const { hostname, port } = new URL(house.url)
    const socket = connect(Number(port), hostname)
    socket.write(
      `POST /api/v1/uploads HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${ann.token}\r\nContent-Type: multipart/form-data; boundary=${BOUNDARY}\r\nContent-Length: 1000000\r\n\r\n${head('name="file"; filename="a"')}${"x".repeat(100_000)}`,
    )
    await waitUntil("it comes in", () => kept().length === before.length + 1)

    socket.destroy()

    await waitUntil("it is gone", () => kept().length === before.length)
    expect((await upload(house.url, ann, { content: "and goes on" })).status).toBe(200)
  })

  test("refuses a file of 25 MiB and a byte, streamed in chunks, with nothing left of it, and takes one of 25 MiB", async () => {
    const before = kept()

    const refused = await sendStream(house.url, ann.token, 25 * MIB + 1)
    const problem = JSON.parse(await refused.text())
    const afterRefusal = kept()
    const taken = await sendStream(house.url, ann.token, 25 * MIB)

    expect([refused.status, problem.code]).toEqual([413, "payload_too_large"])
    expect(afterRefusal).toEqual(before)
    expect([taken.status, JSON.parse(await taken.text()).size]).toEqual([200, 25 * MIB])
  }, 20_000)

  test("given there is no limit, then a file of 200 MiB comes in, and is never whole in memory", async () => {
    const scratch = createScratch()
    const server = await startServerProcess({
      dataDir: scratch.folder,
      env: { CHAT_MAX_UPLOAD_BYTES: "0" },
    })
    // Of the process itself, in KiB: what it has now, and the most that it ever had.
    const memory = (what: "VmRSS" | "VmHWM") =>
      Number(
        RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))?.[1],
      )
    try {
      const bob = await person(server.url, "bob")
      await upload(server.url, bob, { content: "what is loaded with the first file" })
      const before = memory("VmRSS")

      const answer = await sendStream(server.url, bob.token, 200 * MIB)

      expect([answer.status, JSON.parse(await answer.text()).size]).toEqual([200, 200 * MIB])
      expect((memory("VmHWM") - before) * 1024).toBeLessThan(100 * MIB)
    } finally {
      await server.terminate()
      scratch.remove()
    }
  }, 30_000)

  test("a form may have 64 KiB more than its file; one that says to be longer is not read", async () => {
    const server = await startServer({ env: { CHAT_MAX_UPLOAD_BYTES: "100000" } })
    const bob = await person(server.url, "bob")
    const ask = (length: number) =>
      askRaw(server.url, {
        method: "POST",
        target: "/api/v1/uploads",
        headers: [
          ["authorization", `Bearer ${bob.token}`],
          ["content-type", `multipart/form-data; boundary=${BOUNDARY}`],
          ["content-length", String(length)],
        ],
        body:
          length > 165_536 ? "" : `${head('name="file"; filename="a"')}hello${END}`.padEnd(length),
      })
    try {
      const [within, beyond] = [await ask(165_536), await ask(165_537)]

      expect(within?.status).toBe(200)
      expect(beyond?.status).toBe(413)
      expect(JSON.parse(beyond?.body ?? "")).toMatchObject({ code: "payload_too_large" })
    } finally {
      await server.stop()
    }
  })

  test("a body of JSON that does not say how long it is is read no further than it may go", async () => {
    let sent = 0
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 65_536
        controller.enqueue(new Uint8Array(65_536).fill(32))
        if (sent >= 20 * MIB) controller.close()
      },
    })
    const answer = await fetch(`${house.url}/api/v1/rooms`, {
      method: "POST",
      body,
      headers: { authorization: `Bearer ${ann.token}`, "content-type": "application/json" },
    })

    expect([answer.status, JSON.parse(await answer.text()).code]).toEqual([
      413,
      "payload_too_large",
    ])
    expect(sent).toBeLessThan(20 * MIB)
  })

  test.each([
    ["a page", "<!doctype html><script>alert(1)</script>", "text/plain", "inline"],
    [
      "a picture of markup",
      '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
      "text/plain",
      "inline",
    ],
    [
      "a page in UTF-16",
      new Uint8Array(Buffer.from("\ufeff<html><script>alert(1)</script>", "utf16le")),
      "application/octet-stream",
      "attachment",
    ],
    [
      "a program",
      new Uint8Array(Buffer.from("\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0>\0", "latin1")),
      "application/x-elf",
      "attachment",
    ],
    ["noise", new Uint8Array([0, 255, 1, 254, 2]), "application/octet-stream", "attachment"],
  ])("%s is not run by whoever opens it: %p", async (_what, content, mime, way) => {
    const { body: file } = await upload(house.url, ann, { content, name: "cat.png" })

    const { headers } = await download(house.url, ann, file.url)

    expect(file).toMatchObject({ mime, name: "cat.png" })
    expect(file).not.toHaveProperty("width")
    expect(headers.get("content-type")?.split(";")[0]).toBe(mime)
    expect(headers.get("content-disposition")).toBe(
      `${way}; filename="cat.png"; filename*=UTF-8''cat.png`,
    )
    expect(headers.get("x-content-type-options")).toBe("nosniff")
    expect(headers.get("content-security-policy")).toBe(
      "sandbox; default-src 'none'; frame-ancestors 'none'",
    )
    expect(headers.get("cache-control")).toStartWith("private")
  })

  test.each([
    ["says to be 50,000 pixels wide and high", png(50_000, 50_000, { isHollow: true })],
    ["breaks off", png(300, 300).slice(0, 100)],
    ["is a head and nothing else", new Uint8Array(Buffer.from("GIF89a\xff\xff\xff\xff", "latin1"))],
  ])("a picture that %s is a file, and has no thumbnail", async (_what, content) => {
    const { status, body: file } = await upload(house.url, ann, { content })

    expect([status, file.size]).toEqual([200, content.length])
    expect(file).not.toHaveProperty("thumbnail_url")
    expectProblem(await ann.get(`/uploads/${file.id}/thumbnail`), "upload_not_found")
  })

  test("a picture of 50,000,001 pixels is a file without a thumbnail, one of 50,000,000 is looked at", async () => {
    const sized = async (width: number, height: number) =>
      (await upload(house.url, ann, { content: png(width, height, { isHollow: true }) })).body

    expect(await sized(50_000, 1_000)).toMatchObject({ width: 50_000, height: 1_000 })
    // 50,000,001 = 3 · 16,666,667.
    expect(await sized(16_666_667, 3)).not.toHaveProperty("width")
  })

  test("a thumbnail fits into 400 by 400 pixels, stands upright, and tells nothing of the camera", async () => {
    const camera = await new Bun.Image(png(1_000, 600)).jpeg().bytes()
    // "Turn it by a quarter", as phones say instead of turning it.
    const exif = Buffer.from(
      "Exif\0\0MM\0*\0\0\0\b\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0",
      "latin1",
    )
    const content = new Uint8Array(
      Buffer.concat([
        camera.subarray(0, 2),
        Buffer.from([0xff, 0xe1, 0, exif.length + 2]),
        exif,
        camera.subarray(2),
      ]),
    )

    const { body: file } = await upload(house.url, ann, { content })
    const small = Buffer.from(
      await (await download(house.url, ann, file.thumbnail_url)).arrayBuffer(),
    )

    expect(file).toMatchObject({ mime: "image/jpeg", width: 600, height: 1_000 })
    expect(await new Bun.Image(small).metadata()).toEqual({
      width: 240,
      height: 400,
      format: "webp",
    })
    expect(small.includes("Exif")).toBe(false)
  })

  test("names come without paths and tricks, and in a header of their own", async () => {
    const form = new FormData()
    form.set("file", new File(["x"], '../../etc/"an\u202egpj.exe'))

    const { body: file } = await sendForm(house.url, ann.token, form)

    const { headers } = await download(house.url, ann, file.url)
    expect(file.name).not.toMatch(/[/\\\u202e]/)
    expect(headers.get("content-disposition")).toMatch(
      /^inline; filename="[\x20-\x7e]+"; filename\*=UTF-8''[\w%.-]+$/,
    )
  })

  test("refuses the 5th upload of a user at the same time, whatever they send of it, and not another's", async () => {
    const { hostname, port } = new URL(house.url)
    const before = kept().length
    const sockets = Array.from({ length: 4 }, () => {
      const socket = connect(Number(port), hostname)
      socket.write(
        `POST /api/v1/uploads HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${ann.token}\r\nContent-Type: multipart/form-data; boundary=${BOUNDARY}\r\nContent-Length: 100000\r\n\r\n${head('name="file"; filename="a"')}${"x".repeat(50_000)}`,
      )
      return socket
    })
    await waitUntil("four come in", () => kept().length === before + 4)
    const bob = await person(house.url, "other-bob")

    expectProblem(await upload(house.url, ann, { content: "fifth" }), "rate_limited")
    expect((await upload(house.url, bob, { content: "first" })).status).toBe(200)

    for (const socket of sockets) socket.destroy()
    await waitUntil("they are gone", () => !kept().some((it) => it.startsWith("tmp/")))
    expect((await upload(house.url, ann, { content: "fifth" })).status).toBe(200)
  })

  test("refuses an upload beside 256 MiB that no message shows, until one of them is sent or deleted", async () => {
    const cleo = await person(house.url, "cleo")
    const room = await roomOf(cleo)
    const { body: file } = await upload(house.url, cleo, { content: "so small" })
    changeRows(house.path, `update uploads set size = 268435456 where id = '${file.id}'`)

    expectProblem(await upload(house.url, cleo, { content: "one more" }), "conflict")
    await cleo.post(`/rooms/${room.id}/messages`, { content: "", attachment_ids: [file.id] })

    expect((await upload(house.url, cleo, { content: "one more" })).status).toBe(200)
  })

  test.each([
    ["refuses the 21st upload of a minute in production", "production", 20],
    ["refuses the 61st upload of a minute in development", "development", 60],
  ])("%s", async (_name, NODE_ENV, most) => {
    const server = await startServer({ env: { NODE_ENV } })
    const dan = await person(server.url, "dan")
    const send = () => upload(server.url, dan, { content: "x" })
    try {
      for (let index = 0; index < most; index++) expect((await send()).status).toBe(200)

      expectProblem(await send(), "rate_limited")
      server.clock.advance(60_000)
      expect((await send()).status).toBe(200)
    } finally {
      await server.stop()
    }
  })
})
