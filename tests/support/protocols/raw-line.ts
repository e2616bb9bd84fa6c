import { plainWebSocket } from "../plain-socket"
import { createInbox } from "./inbox"
import { type Credentials, type Line, type OpenOptions, Refused } from "./speaker"

type RawOptions = Credentials & Pick<OpenOptions, "answersPings">

/** Opens a WebSocket by the `ws` package. Errors: `Refused`, with the status and the code. */
export async function openRawLine(
  address: string,
  { headers = {}, query = {}, answersPings = true }: RawOptions,
): Promise<Line> {
  const Client = await plainWebSocket()
  const url = new URL(address.replace(/^http/, "ws"))
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  const ws = new Client(url.href, { headers, autoPong: answersPings })
  const inbox = createInbox()
  ws.on("message", (text) => inbox.push(JSON.parse(String(text))))
  const closed = new Promise<number>((resolve) => ws.on("close", resolve))
  await new Promise<void>((resolve, reject) => {
    ws.on("open", () => resolve())
    ws.on("error", reject)
    ws.on("unexpected-response", (_, response) => {
      let text = ""
      response.on("data", (chunk) => {
        text += chunk
      })
      response.on("end", () => {
        reject(new Refused(`${response.statusCode} ${JSON.parse(text).code}`))
      })
    })
  })
  ws.on("error", () => undefined)
  return {
    frames: inbox.frames,
    moreThan: inbox.moreThan,
    send: (frame) => ws.send(JSON.stringify(frame)),
    sendRaw: (input) => ws.send(input),
    closed,
    close: () => ws.close(),
    drop: () => ws.terminate(),
  }
}
