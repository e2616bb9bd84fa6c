import { describe, expect, test } from "bun:test"
import asyncApiSchema from "@asyncapi/specs/schemas/3.0.0-without-$id.json"
import Ajv from "ajv"
import addFormats from "ajv-formats"
import {
  CLIENT_EXAMPLES,
  ERROR_EXAMPLES,
  EVENT_EXAMPLES,
  GREETING_EXAMPLE,
  REPLY_EXAMPLES,
  SIGNAL_EXAMPLES,
} from "../../src/dialects/native/examples"
import { STREAM_EXAMPLES } from "../../src/dialects/native/stream-examples"
import { ClientFrame } from "../../src/protocol/socket-frames"
import { undocumentedFrame } from "../support/documented"
import { documents } from "../support/documents"
import { brokenReferences } from "../support/references"
import { startServer } from "../support/server"

const { asyncApi } = documents("allowed")

describe("the AsyncAPI document", () => {
  test("is valid AsyncAPI 3.0", () => {
    const ajv = addFormats(new Ajv({ strict: false, allErrors: true }))
    const check = ajv.compile(asyncApiSchema)

    expect(check(asyncApi) ? [] : check.errors).toEqual([])
    expect(check({ ...asyncApi, channels: { socket: { adress: "/" } } })).toBe(false)
  })

  test("refers to nothing that is not in it", () => {
    expect(brokenReferences(asyncApi)).toEqual([])
  })

  test("receives every frame that clients may send, and answers it", () => {
    const { tell: _, stream: __, ...received } = asyncApi.operations
    const commands = ClientFrame.options.map(({ shape }) => shape.type.value)

    expect(Object.keys(received).sort()).toEqual([...commands].sort())
    expect(received).toHaveProperty("subscribe.reply.messages", [
      { $ref: "#/channels/socket/messages/ok.subscribed" },
      { $ref: "#/channels/socket/messages/error" },
    ])
  })

  test("has a message for every event and signal, with the golden frame as its example", () => {
    const golden = [
      GREETING_EXAMPLE,
      ...ERROR_EXAMPLES,
      ...Object.values(EVENT_EXAMPLES),
      ...Object.values(SIGNAL_EXAMPLES),
      ...Object.values(STREAM_EXAMPLES),
    ]

    for (const { frame } of golden) {
      expect(asyncApi.components.messages[frame.type]?.examples, frame.type).toContainEqual({
        payload: frame,
      })
    }
  })

  test("golden frames of the server are as it says, each answer as its command's", () => {
    const told = [
      GREETING_EXAMPLE,
      ...ERROR_EXAMPLES,
      ...Object.values(EVENT_EXAMPLES),
      ...Object.values(SIGNAL_EXAMPLES),
      ...Object.values(STREAM_EXAMPLES),
    ].map(({ frame }) => undocumentedFrame(JSON.stringify(frame)))
    const { done, subscribed } = REPLY_EXAMPLES

    expect(told.filter((it) => it !== null)).toEqual([])
    expect(undocumentedFrame(JSON.stringify(done.frame), "typing")).toBeNull()
    expect(undocumentedFrame(JSON.stringify(subscribed.frame), "subscribe")).toBeNull()
    expect(undocumentedFrame(JSON.stringify(subscribed.frame), "typing")).toContain("ok.done")
  })

  test("golden frames of clients are as it says", () => {
    const ajv = addFormats(new Ajv({ strict: false })).addSchema(asyncApi, "asyncapi")

    for (const [type, { frame }] of Object.entries(CLIENT_EXAMPLES)) {
      const check = ajv.compile({ $ref: `asyncapi#/components/messages/client.${type}/payload` })
      expect(check(frame), `${type}: ${ajv.errorsText(check.errors)}`).toBe(true)
      expect(check({ ...frame, type: "other" })).toBe(false)
    }
  })

  test("is served at /asyncapi.json", async () => {
    const server = await startServer()

    const answer = await fetch(`${server.url}/asyncapi.json`)
    const { info, ...served } = JSON.parse(await answer.text())

    const { info: _, ...expected } = asyncApi
    expect(served).toEqual(JSON.parse(JSON.stringify(expected)))
    expect(info.title).toBe("Parley")
    await server.stop()
  })
})
