import { type ClientErrorCode, ParleyError } from "../../client/error"
import { isFields } from "../../protocol/json"

/** Somebody as whom one connects. An empty token: whoever the browser's cookie says. */
export interface Who {
  readonly token: string
  readonly userId: string
  readonly userNumber: string
  readonly username: string
}

export interface FoundRoom {
  readonly id: string
  readonly name: string
}

interface Call {
  readonly method?: "GET" | "POST"
  readonly path: string
  /** Undefined: nobody's. Empty: the cookie's. */
  readonly token?: string
  readonly body?: object
}

/**
 * The few requests of REST that one needs to try the sockets. With a token nothing of the browser's
 * own session is sent or changed: several people may be tried in one page. Errors: `ParleyError`.
 */
export function createRest(origin: string) {
  async function call({ method = "GET", path, token, body }: Call): Promise<unknown> {
    const response = await fetch(`${origin}${path}`, {
      method,
      credentials: token === "" ? "same-origin" : "omit",
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw new ParleyError("offline", "the server was not reached", { cause })
    })
    const answer: unknown = await response.json().catch(() => null)
    if (!response.ok) throw refusal(response.status, answer)
    return answer
  }

  async function enter(path: string, account: object): Promise<Who> {
    const answer = await call({ method: "POST", path, body: account })
    if (!isFields(answer)) throw unreadable()
    return asWho(textOf(answer.access_token), answer.user)
  }

  return {
    signIn: (username: string, password: string) =>
      enter("/api/v1/auth/login", { username, password }),
    register: (username: string, password: string) =>
      enter("/api/v1/auth/register", { username, password }),

    /** Whose token this is; empty: the cookie of the chat that is open in this browser. */
    whoIs: async (token: string): Promise<Who> =>
      asWho(token, await call({ path: "/api/v1/users/me", token })),

    async rooms({ token }: Who): Promise<readonly FoundRoom[]> {
      return asRooms(await call({ path: "/api/v1/rooms?limit=100", token }))
    },

    async createRoom({ token }: Who, name: string): Promise<FoundRoom> {
      const body = { name }
      const [room] = asRooms([await call({ method: "POST", path: "/api/v1/rooms", token, body })])
      if (room === undefined) throw unreadable()
      return room
    },

    /** Errors: `room_not_found`. */
    async hasRoom({ token }: Who, id: string): Promise<void> {
      await call({ path: `/api/v1/rooms/${encodeURIComponent(id)}`, token })
    },

    /** The number of the conversation with somebody. Errors: `user_not_found`. */
    async converse({ token, userNumber }: Who, username: string): Promise<string> {
      const query = new URLSearchParams({ query: username, limit: "200" })
      const users = await call({ path: `/api/v1/users?${query}`, token })
      const other = (Array.isArray(users) ? users : []).find(
        (it) => textOf(it.username).toLowerCase() === username.toLowerCase(),
      )
      if (other === undefined) throw new ParleyError("user_not_found", "there is no such user")
      const body = { sender_id: Number(userNumber), receiver_id: other.numeric_id }
      const path = "/api/chats/conversations"
      const conversation = await call({ method: "POST", path, token, body })
      return isFields(conversation) ? String(conversation.id) : ""
    },
  }
}

export type Rest = ReturnType<typeof createRest>

function asWho(token: string, user: unknown): Who {
  if (!isFields(user)) throw unreadable()
  const { id, numeric_id, username } = user
  return { token, userId: textOf(id), userNumber: String(numeric_id), username: textOf(username) }
}

const asRooms = (answer: unknown): readonly FoundRoom[] =>
  (Array.isArray(answer) ? answer : []).map(({ id, name }) => ({
    id: textOf(id),
    name: textOf(name),
  }))

const textOf = (it: unknown) => (typeof it === "string" ? it : "")

const unreadable = () => new ParleyError("too_new", "an answer that cannot be read")

function refusal(status: number, problem: unknown): ParleyError {
  if (!isFields(problem) || typeof problem.code !== "string") {
    return new ParleyError("too_new", `answered ${status}`, { status })
  }
  const errors = Array.isArray(problem.errors) ? problem.errors : []
  // Codes are the table's; one that came later than this page is shown as it is.
  return new ParleyError(problem.code as ClientErrorCode, textOf(problem.detail), {
    status,
    problems: errors,
  })
}
