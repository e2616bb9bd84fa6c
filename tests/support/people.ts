import { openSocket, type SocketOptions, type TestSocket } from "./socket"

/** What a request was answered with. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: a test reads any field of any body.
  readonly body: any
}

/** Somebody with an account, at a server. */
export interface Person {
  readonly id: string
  readonly name: string
  readonly token: string
  readonly refreshToken: string
  /** Calls `/api/v1` with the person's token. */
  get(path: string): Promise<Answer>
  post(path: string, body?: unknown): Promise<Answer>
  put(path: string, body?: unknown): Promise<Answer>
  patch(path: string, body: unknown): Promise<Answer>
  delete(path: string): Promise<Answer>
  /** Opens `/api/v1/ws` and waits for `hello`. */
  connect(options?: SocketOptions): Promise<TestSocket>
}

export const PASSWORD = "correct horse"

interface Call {
  readonly method: string
  readonly path: string
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

/** Calls `/api/v1`; for those who are nobody, or have headers of their own. */
export async function call(url: string, { method, path, body, headers }: Call): Promise<Answer> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: text === "" ? null : JSON.parse(text),
  }
}

/** Registers somebody at the server. */
export async function person(url: string, name: string): Promise<Person> {
  const answer = await call(url, {
    method: "POST",
    path: "/auth/register",
    body: { username: name, password: PASSWORD },
  })
  if (answer.status !== 200) throw new Error(`${name} could not register: ${answer.status}`)
  return asPerson(url, answer)
}

/** A person from the answer to registering or logging in. */
export function asPerson(url: string, { body }: Answer): Person {
  const token: string = body.access_token
  const headers = { authorization: `Bearer ${token}` }
  const ask = (method: string) => (path: string, content?: unknown) =>
    call(url, { method, path, body: content, headers })
  return {
    id: body.user.id,
    name: body.user.username,
    token,
    refreshToken: body.refresh_token,
    get: ask("GET"),
    post: ask("POST"),
    put: ask("PUT"),
    patch: ask("PATCH"),
    delete: ask("DELETE"),
    async connect(options = {}) {
      const socket = await openSocket(`${url}/api/v1/ws`, {
        ...options,
        headers: { ...headers, ...options.headers },
      })
      await socket.next("hello")
      return socket
    },
  }
}

/** A room that the first person made and the others joined. */
export async function roomOf(
  owner: Person,
  others: readonly Person[] = [],
  // biome-ignore lint/suspicious/noExplicitAny: the room's fields are read by assertions.
): Promise<any> {
  const { body: room } = await owner.post("/rooms", { name: "general" })
  for (const other of others) await other.post(`/rooms/${room.id}/join`)
  return (await owner.get(`/rooms/${room.id}`)).body
}
