import { expect, test } from "bun:test"
import { EVENT_EXAMPLES } from "../../src/dialects/native/examples"
import { createMessagePages } from "../../src/http/message-page"
import type { Message } from "../../src/protocol/entities"
import { presentMessage } from "../../src/protocol/present"

const { event } = EVENT_EXAMPLES["message.created"]
const messages = (count: number, content = "x"): Message[] =>
  Array.from({ length: count }, (_, index) => ({
    ...("message" in event ? event.message : never()),
    seq: index + 1,
    content: `${content} ${index}`,
  }))

function never(): never {
  throw new Error("the example holds no message")
}

/** What a page is answered with: a response, whatever its type says. */
const read = async (answer: unknown): Promise<unknown> =>
  answer instanceof Response ? answer.json() : "no response"

test("a page says of each message what is presented of it, when it is read again too", async () => {
  const pageOf = createMessagePages()
  const page = messages(3)
  const expected = JSON.parse(JSON.stringify(page.map(presentMessage)))

  expect(await read(pageOf(page))).toEqual(expected)
  expect(await read(pageOf([...page]))).toEqual(expected)
  expect(await read(pageOf([]))).toEqual([])
})

test("given one message is another object, then the page is another, whichever it is and however many", async () => {
  const pageOf = createMessagePages()
  const page = messages(3)
  await read(pageOf(page))
  const [first, second, third] = page as [Message, Message, Message]
  const edited = { ...second, content: "edited" }

  const contents = async (of: readonly Message[]) =>
    ((await read(pageOf(of))) as { content: string }[]).map(({ content }) => content)

  expect(await contents([first, edited, third])).toEqual(["x 0", "edited", "x 2"])
  expect(await contents([first, second])).toEqual(["x 0", "x 1"])
  expect(await contents([first, second, third])).toEqual(["x 0", "x 1", "x 2"])
})

test("a page too large to be kept, and the 65th, are answered like all others", async () => {
  const pageOf = createMessagePages()
  const large = messages(100, "y".repeat(4_000))
  const pages = Array.from({ length: 65 }, (_, index) => messages(2, `page ${index}`))

  for (let turn = 0; turn < 2; turn++) {
    expect(await read(pageOf(large))).toHaveLength(100)
    for (const [index, page] of pages.entries()) {
      expect(await read(pageOf(page))).toMatchObject([
        { content: `page ${index} 0` },
        { content: `page ${index} 1` },
      ])
    }
  }
})
