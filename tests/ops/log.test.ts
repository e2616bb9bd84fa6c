import { describe, expect, test } from "bun:test"
import { openHouse } from "../support/house"
import { keepLog } from "../support/log"
import { call, PASSWORD, person, roomOf } from "../support/people"
import { changeRows } from "../support/rows"
import { openSocket } from "../support/socket"

describe("what is logged", () => {
  test("of a life with everything that can go wrong: no secret, and no word that was said", async () => {
    const kept = keepLog("trace")
    const GATEWAY = "the key of a gateway"
    const house = await openHouse({ log: kept.log, env: { INTERNAL_API_KEY: GATEWAY } })
    const ann = await person(house.url, "ann")
    const room = await roomOf(ann)
    const { key } = (await ann.post("/auth/keys", { name: "bot" })).body
    const words = { said: "a word between two", wrong: "a wrong secret", topic: "a hidden topic" }
    const post = (path: string, body: unknown) =>
      call(house.url, { method: "POST", path, body }).then(({ status }) => status)
    const raw = (path: string, init: RequestInit) =>
      fetch(house.url + path, init).then(({ status }) => status)
    const json = { "content-type": "application/json" }

    const statuses = [
      await post("/auth/login", { username: "ann", password: words.wrong }),
      await post("/auth/refresh", { refresh_token: ann.refreshToken }),
      await post("/auth/refresh", { refresh_token: ann.refreshToken }),
      await raw("/api/v1/auth/login", { method: "POST", headers: json, body: `{"${PASSWORD}` }),
      await post("/auth/register", { username: words.wrong, password: PASSWORD, email: PASSWORD }),
      await raw(`/api/v1/users/me?token=${ann.token}`, { headers: { "x-api-key": key } }),
      await raw(`/api/v1/users/me?token=${ann.token}`, { headers: { "x-api-key": `${key}x` } }),
      await raw(`/api/v1/nowhere/${key}`, { headers: { cookie: `access_token=${ann.token}` } }),
      await raw("/metrics", { headers: { "x-internal-api-key": GATEWAY } }),
    ]
    // The refresh token that came twice has ended that session.
    const again = await call(house.url, {
      method: "POST",
      path: "/auth/login",
      body: { username: "ann", password: PASSWORD },
    })
    const { access_token: token } = again.body
    const bearer = { ...json, authorization: `Bearer ${token}` }
    const socket = await openSocket(`${house.url}/api/v1/ws?token=${token}`)
    const frames = [
      await socket.ask("message.send", { room_id: room.id, content: words.said }),
      await socket.ask("message.send", { room_id: room.id, content: 7, metadata: words.said }),
      await socket.ask("auth", { token: `${token}x` }),
    ]
    changeRows(house.path, "alter table messages rename to gone")
    frames.push(await socket.ask("message.send", { room_id: room.id, content: words.said }))
    const send = (path: string, body: unknown) =>
      raw(path, { method: "POST", headers: bearer, body: JSON.stringify(body) })
    statuses.push(await send(`/api/v1/rooms/${room.id}/messages`, { content: words.said }))
    changeRows(house.path, "alter table rooms rename to no_rooms")
    statuses.push(await send("/api/v1/rooms", { name: words.said, topic: words.topic }))
    changeRows(house.path, "alter table users rename to no_users")
    statuses.push(await post("/auth/login", { username: "ann", password: PASSWORD }))
    statuses.push(await post("/auth/register", { username: "eve", password: PASSWORD }))
    await house.stop()

    expect(statuses).toEqual([401, 200, 401, 400, 400, 200, 401, 404, 200, 500, 500, 500, 500])
    expect(frames.map(({ type, data }) => (type === "ok" ? "ok" : data.code))).toEqual([
      "ok",
      "invalid_request",
      "unauthorized",
      "internal",
    ])
    const secrets = {
      ...words,
      password: PASSWORD,
      key,
      gateway: GATEWAY,
      token,
      earlierToken: ann.token,
      refreshToken: ann.refreshToken,
      laterRefreshToken: again.body.refresh_token,
      hash: "$argon2",
    }
    const text = kept.text()
    // The lines are those of this story: failures, and requests by their routes.
    expect(kept.lines().filter(({ msg }) => msg === "a request failed")).toHaveLength(4)
    expect(kept.lines().filter(({ msg }) => msg === "a frame failed")).toHaveLength(1)
    expect(text).toContain('"route":"/api/v1/ws"')
    for (const [name, secret] of Object.entries(secrets)) {
      expect(secret, name).toBeString()
      expect(text.includes(secret), `${name} in the log`).toBe(false)
    }
  })

  test("a failure bears the id that the one who was failed has, in the header and in the body", async () => {
    const kept = keepLog("info")
    const house = await openHouse({ log: kept.log })
    const ann = await person(house.url, "ann")
    changeRows(house.path, "alter table rooms rename to gone")

    const answer = await ann.get("/rooms")

    const [line, ...others] = kept.lines()
    expect(others).toEqual([])
    expect(line).toMatchObject({ msg: "a request failed", method: "GET", route: "/api/v1/rooms" })
    expect(line.request_id).toBe(answer.body.request_id)
    expect(line.request_id).toBe(answer.headers.get("x-request-id"))
    await house.stop()
  })

  test("at debug each request is a line: its route, status, id and address, and no query", async () => {
    const kept = keepLog("debug")
    const house = await openHouse({ log: kept.log, env: { CHAT_TRUST_PROXY: "1" } })

    const response = await fetch(`${house.url}/api/v1/users/someone?query=private`, {
      headers: { "x-forwarded-for": "1.2.3.4" },
    })

    expect(kept.lines()).toEqual([
      {
        level: 20,
        time: expect.any(String),
        method: "GET",
        route: "/api/v1/users/:id",
        status: 401,
        ms: expect.any(Number),
        request_id: response.headers.get("x-request-id"),
        address: "1.2.3.4",
        msg: "a request was answered",
      },
    ])
    await house.stop()
  })

  test("at info no request is a line", async () => {
    const kept = keepLog("info")
    const house = await openHouse({ log: kept.log })

    await fetch(`${house.url}/api/v1/users/me`)

    expect(kept.lines()).toEqual([])
    await house.stop()
  })
})
