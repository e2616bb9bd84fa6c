import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import type { BusboyFileStream } from "@fastify/busboy"
import type { IncomingFile } from "../core/uploads"
import { ChatError } from "../protocol/errors"

/** The one field that is read. Others, of texts, are read over. */
const FIELD = "file"

const FORM_LIMITS = {
  files: 1,
  fields: 16,
  parts: 17,
  fieldSize: 8 * 1024,
  headerPairs: 16,
  headerSize: 8 * 1024,
} as const

const refuse = (message: string, cause?: unknown) =>
  new ChatError("invalid_request", { problems: [{ path: FIELD, message }], cause })

/**
 * Reads a form with one file, as it comes: nothing waits in memory but what is being read.
 * Resolves when the file begins; its content fails where what comes behind it is wrong.
 * Errors: `invalid_request`, for what is no form, has no such file or another one, or breaks off.
 */
export async function readFormFile({ headers, body }: Request): Promise<IncomingFile> {
  if (body === null) throw refuse("must be there")
  const form = await createForm(headers.get("content-type") ?? "")
  const found = Promise.withResolvers<IncomingFile>()
  const stop = new AbortController()
  let problem: ChatError | undefined
  function fail(message: string): void {
    problem ??= refuse(message)
    stop.abort()
  }
  form.on("file", (field: string | undefined, stream: BusboyFileStream, name?: string) => {
    // What breaks off is told by `ended`; without a listener it would be nobody's to catch.
    stream.on("error", () => undefined)
    ended.catch((error: Error) => stream.destroy(error))
    if (field === FIELD) {
      found.resolve({ name: name ?? "", content: contentOf(stream, ended, stop) })
    } else {
      stream.resume()
      fail("must be the field of the file")
    }
  })
  form.on("filesLimit", () => fail("must be one file"))
  form.on("fieldsLimit", () =>
    fail(`must have no more than ${FORM_LIMITS.fields} fields beside it`),
  )
  form.on("partsLimit", () => fail(`must have no more than ${FORM_LIMITS.fields} fields beside it`))
  const ended = (async () => {
    try {
      await pipeline(Readable.from(chunksOf(body)), form, { signal: stop.signal })
    } catch (cause) {
      throw problem ?? refuse("must come whole, in a form that is one", cause)
    }
    if (problem !== undefined) throw problem
  })()
  ended.then(
    () => found.reject(refuse("must be there")),
    (error: unknown) => found.reject(error),
  )
  return await found.promise
}

async function createForm(contentType: string) {
  if (!/^multipart\/form-data\s*;/i.test(contentType)) {
    throw new ChatError("invalid_request", { detail: "the body must be multipart/form-data" })
  }
  // Loaded with the first file: a server starts without it.
  const { Busboy } = await import("@fastify/busboy")
  try {
    return new Busboy({ headers: { "content-type": contentType }, limits: FORM_LIMITS })
  } catch (cause) {
    throw new ChatError("invalid_request", { detail: "the form names no boundary", cause })
  }
}

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    // What has not come need not: the answer is on its way.
    void reader.cancel().catch(() => undefined)
  }
}

/** Whoever stops reading it stops the form. */
async function* contentOf(
  stream: BusboyFileStream,
  ended: Promise<void>,
  stop: AbortController,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream) yield chunk
    await ended
  } finally {
    stop.abort()
  }
}
