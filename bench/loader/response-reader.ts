const headEnd = "\r\n\r\n"
const contentLengthPattern = /\r\ncontent-length: *(\d+)/i

export type ResponseState = "incomplete" | "complete" | "refused"

/** Finds the end of each response on a kept-alive connection, without decoding the body. */
export class ResponseReader {
  #head = ""
  #missingBytes = 0

  /** `refused`: the status is not 200, or the length is not told. */
  receive(chunk: Buffer): ResponseState {
    if (this.#missingBytes > 0) return this.#take(chunk.length)
    const headBytesBefore = this.#head.length
    this.#head += chunk.toString("latin1", 0, 4096)
    const end = this.#head.indexOf(headEnd)
    if (end < 0) return "incomplete"
    const bodyBytes = contentLengthPattern.exec(this.#head)?.[1]
    if (!bodyBytes || !this.#head.startsWith("HTTP/1.1 200")) return "refused"
    this.#missingBytes = end + headEnd.length + Number(bodyBytes) - headBytesBefore
    this.#head = ""
    return this.#take(chunk.length)
  }

  #take(bytes: number): ResponseState {
    this.#missingBytes -= bytes
    return this.#missingBytes > 0 ? "incomplete" : "complete"
  }
}
