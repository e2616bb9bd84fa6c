import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import type { Uploaded } from "../../../src/client/api"
import { ParleyError } from "../../../src/client/error"
import { createUploadQueue, FileTooLarge } from "../../../src/web/composer/upload-queue"
import {
  dueUploads,
  filesMax,
  goingMax,
  nextUploads,
  shareDone,
  type Upload,
  type UploadEvent,
} from "../../../src/web/composer/uploads"

const file = (name: string, bytes = 10) => new File(["a".repeat(bytes)], name)
const uploaded = (id: string): Uploaded => ({
  id,
  url: `/api/v1/uploads/${id}`,
  name: id,
  mime: "text/plain",
  size: 10,
})

describe("the queue of files", () => {
  test("takes 10 of them", () => {
    const files = Array.from({ length: 11 }, (_, id) => ({ id, file: file(`${id}`) }))

    expect(nextUploads([], { type: "added", files })).toHaveLength(10)
    expect(filesMax).toBe(10)
  })

  const ids = fc.nat(5)
  const events: fc.Arbitrary<UploadEvent> = fc.oneof(
    ids.map((id) => ({ type: "began" as const, id })),
    fc.tuple(ids, fc.nat(100)).map(([id, it]) => ({ type: "went" as const, id, share: it / 100 })),
    ids.map((id) => ({ type: "done" as const, id, uploaded: uploaded(`u-${id}`) })),
    ids.map((id) => ({ type: "failed" as const, id, error: "x", isRetryable: id % 2 === 0 })),
    ids.map((id) => ({ type: "retried" as const, id })),
    ids.map((id) => ({ type: "removed" as const, id })),
  )

  test("whatever happens, no more than 2 go at a time, and nobody comes back who was removed", () => {
    fc.assert(
      fc.property(fc.array(events, { maxLength: 40 }), (happened) => {
        const files = [0, 1, 2, 3].map((id) => ({ id, file: file(`${id}`) }))
        let uploads = nextUploads([], { type: "added", files })
        const removed = new Set<number>()
        for (const event of happened.filter((it) => it.type !== "cleared")) {
          if (!canHappen(uploads, event)) continue
          if (event.type === "removed") removed.add(event.id)
          uploads = nextUploads(uploads, event)

          const going = uploads.filter(({ state }) => state.type === "going")
          expect(going.length).toBeLessThanOrEqual(goingMax)
          expect(uploads.some(({ id }) => removed.has(id))).toBe(false)
          expect(shareDone(uploads)).toBeWithin(0, 1.000_001)
        }
      }),
      { numRuns: 300 },
    )
  })
})

/** Only those whose turn it is begin, and only those that go get anywhere. */
function canHappen(uploads: readonly Upload[], event: UploadEvent): boolean {
  switch (event.type) {
    case "began":
      return dueUploads(uploads).some(({ id }) => id === event.id)
    case "went":
    case "done":
    case "failed":
      return uploads.some(({ id, state }) => id === event.id && state.type === "going")
    default:
      return true
  }
}

/** A server whose uploads end when a test says so. */
function createServer() {
  const going = new Map<
    string,
    PromiseWithResolvers<Uploaded> & { readonly signal: AbortSignal | undefined }
  >()
  const removed: string[] = []
  return {
    going,
    removed,
    api: {
      create(blob: Blob, options: { name?: string; signal?: AbortSignal } = {}) {
        const answer = { ...Promise.withResolvers<Uploaded>(), signal: options.signal }
        options.signal?.addEventListener("abort", () => answer.reject(new Error("aborted")))
        going.set(options.name ?? `${blob.size}`, answer)
        return answer.promise
      },
      async remove(id: string) {
        removed.push(id)
      },
    },
  }
}

/** What was promised so far has happened. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

describe("files on their way", () => {
  const states = (queue: ReturnType<typeof createUploadQueue>) =>
    queue.uploads.value.map(({ state }) => state.type)

  test("two go at a time, and the next begins when one is there", async () => {
    const server = createServer()
    const queue = createUploadQueue({ api: server.api, fileBytesMax: () => 0 })

    queue.add([file("a"), file("b"), file("c")])
    expect(states(queue)).toEqual(["going", "going", "waiting"])
    server.going.get("a")?.resolve(uploaded("a"))
    await settled()

    expect(states(queue)).toEqual(["done", "going", "going"])
  })

  test("a file of 11 bytes is not sent to a server that takes 10", async () => {
    const server = createServer()
    const queue = createUploadQueue({ api: server.api, fileBytesMax: () => 10 })

    queue.add([file("a", 11), file("b", 10)])
    await settled()

    expect([...server.going.keys()]).toEqual(["b"])
    const [large] = queue.uploads.value
    expect(large?.state).toMatchObject({ type: "failed", isRetryable: false })
    expect(large?.state.type === "failed" && large.state.error).toBeInstanceOf(FileTooLarge)
  })

  test("of 12 files 10 are taken, and it says how many are not", () => {
    const queue = createUploadQueue({ api: createServer().api, fileBytesMax: () => 0 })

    expect(queue.add(Array.from({ length: 12 }, (_, at) => file(`${at}`)))).toBe(2)
    expect(queue.add([file("one more")])).toBe(1)
    expect(queue.uploads.value).toHaveLength(10)
  })

  test("one that failed may be tried again, unless it would fail again", async () => {
    const server = createServer()
    const queue = createUploadQueue({ api: server.api, fileBytesMax: () => 0 })
    queue.add([file("a"), file("b")])
    server.going.get("a")?.reject(new ParleyError("offline", "away"))
    server.going.get("b")?.reject(new ParleyError("payload_too_large", "too large"))
    await settled()
    expect(states(queue)).toEqual(["failed", "failed"])

    for (const { id } of queue.uploads.value) queue.retry(id)

    expect(states(queue)).toEqual(["going", "failed"])
  })

  test("one that is removed is stopped, or taken back from the server", async () => {
    const server = createServer()
    const queue = createUploadQueue({ api: server.api, fileBytesMax: () => 0 })
    queue.add([file("a"), file("b")])
    server.going.get("a")?.resolve(uploaded("a"))
    await settled()

    for (const { id } of queue.uploads.value) queue.remove(id)
    await settled()

    expect(queue.uploads.value).toEqual([])
    expect(server.going.get("b")?.signal?.aborted).toBe(true)
    expect(server.removed).toEqual(["a"])
  })

  test("those of a message that was sent stay with the server", async () => {
    const server = createServer()
    const queue = createUploadQueue({ api: server.api, fileBytesMax: () => 0 })
    queue.add([file("a")])
    server.going.get("a")?.resolve(uploaded("a"))
    await settled()

    queue.clear()

    expect(queue.uploads.value).toEqual([])
    expect(server.removed).toEqual([])
  })
})
