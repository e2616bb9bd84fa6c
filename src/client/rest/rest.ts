import type { Page } from "../api"
import { codeOf, ParleyError } from "../error"
import type { Credentials } from "../session/credentials"
import { listOf, type Shape } from "../shape"
import type { Answer, Call, Exchange } from "./exchange"

/** REST as the one who is signed in. Errors: as `Exchange` has them, `unauthorized` for nobody. */
export interface Rest {
  get<T>(path: string, shape: Shape<T>, query?: object): Promise<T>
  page<T>(path: string, shape: Shape<T>, query?: object): Promise<Page<T>>
  post<T>(path: string, shape: Shape<T>, body?: unknown): Promise<T>
  put<T>(path: string, shape: Shape<T>, body?: unknown): Promise<T>
  patch<T>(path: string, shape: Shape<T>, body?: unknown): Promise<T>
  delete<T>(path: string, shape: Shape<T>): Promise<T>
  /** A call with more to it. */
  call<T>(call: Call, shape: Shape<T>): Promise<T>
}

/** Of what was done there is nothing to tell. */
export const NOTHING: Shape<undefined> = (_answer): _answer is undefined => true

export function createRest(exchange: Exchange, credentials: Credentials): Rest {
  /** A token may have ended since it was looked at, by the server's clock or for good. */
  async function ask(call: Call): Promise<Answer> {
    const credential = await credentials.current()
    try {
      return await exchange(call, credential)
    } catch (error) {
      if (codeOf(error) !== "unauthorized") throw error
      return exchange(call, await credentials.renew(credential))
    }
  }

  const call = async <T>(what: Call, shape: Shape<T>): Promise<T> =>
    checked(await ask(what), shape, what)

  const by =
    (method: Call["method"]) =>
    <T>(path: string, shape: Shape<T>, body?: unknown): Promise<T> =>
      call({ method, path, body }, shape)

  return {
    call,
    get: (path, shape, query) => call({ method: "GET", path, query }, shape),
    post: by("POST"),
    put: by("PUT"),
    patch: by("PATCH"),
    delete: by("DELETE"),
    async page(path, shape, query) {
      const what = { method: "GET", path, query } as const
      const answer = await ask(what)
      return { items: checked(answer, listOf(shape), what), cursor: answer.cursor }
    },
  }
}

/** Errors: `too_new`. */
export function checked<T>({ body }: Answer, shape: Shape<T>, { method, path }: Call): T {
  if (shape(body)) return body
  throw new ParleyError("too_new", `what ${method} ${path} answers has another shape`)
}
