import { existsSync } from "node:fs"
import { deflateSync } from "node:zlib"
import type { Answer, Person } from "./people"

interface TestFile {
  readonly name?: string
  readonly content: string | Uint8Array<ArrayBuffer>
}

/** Hands in a file as a browser's form does. */
export const upload = (
  url: string,
  { token }: Pick<Person, "token">,
  file: TestFile,
): Promise<Answer> => sendForm(url, token, fileForm(file))

export function fileForm({ name = "file.bin", content }: TestFile): FormData {
  const form = new FormData()
  form.set("file", new File([content], name))
  return form
}

export async function sendForm(url: string, token: string, form: FormData): Promise<Answer> {
  const response = await fetch(`${url}/api/v1/uploads`, {
    method: "POST",
    body: form,
    headers: { authorization: `Bearer ${token}` },
  })
  return {
    status: response.status,
    headers: response.headers,
    body: JSON.parse(await response.text()),
  }
}

/** What somebody is answered who asks for a file. */
export function download(
  url: string,
  { token }: Pick<Person, "token">,
  path: string,
  init: { readonly method?: string; readonly headers?: Record<string, string> } = {},
): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, ...init.headers }
  return fetch(`${url}${path}`, { ...init, headers })
}

export const statusFor = async (url: string, who: Pick<Person, "token">, path: string) =>
  (await download(url, who, path)).status

/** The files in a folder, by their paths in it. */
export const filesIn = (folder: string): readonly string[] =>
  existsSync(folder) ? [...new Bun.Glob("**/*").scanSync(folder)].sort() : []

/** A black picture; `isHollow`: of so many pixels it says to be, and holds none of them. */
export function png(
  width: number,
  height: number,
  { isHollow = false } = {},
): Uint8Array<ArrayBuffer> {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  // 8 bits each of red, green and blue.
  head.set([8, 2], 8)
  const pixels = Buffer.alloc(isHollow ? 10 : (width * 3 + 1) * height)
  return new Uint8Array(
    Buffer.concat([
      Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
      chunk("IHDR", head),
      chunk("IDAT", deflateSync(pixels)),
      chunk("IEND", Buffer.alloc(0)),
    ]),
  )
}

function chunk(type: string, data: Buffer): Buffer {
  const whole = Buffer.alloc(12 + data.length)
  whole.writeUInt32BE(data.length, 0)
  whole.write(type, 4, "latin1")
  data.copy(whole, 8)
  whole.writeUInt32BE(Bun.hash.crc32(whole.subarray(4, 8 + data.length)), 8 + data.length)
  return whole
}
