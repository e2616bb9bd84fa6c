import type { Page } from "./api"
import type { Credentials } from "./credentials"
import { ParleyError } from "./error"
import type { Answer, Call, Exchange } from "./exchange"
import { listOf, type Shape } from "./shape"

/** REST as the one who is signed in. Errors: as `Exchange` has them, `unauthorized` for nobody. */
export interface Rest {
  get<T>(path: string, shape: Shape<T>, query?: object): Promise<T>
  page<T>(path: string, shape: Shape<T>, query?: object): Promise<Page<T>>
  /** Does something, and is told how the thing is now. */
  change<T>(call: Call, shape: Shape<T>): Promise<T>
  /** Does something of which there is nothing to tell. */
  perform(call: Call): Promise<void>
}

export function createRest(exchange: Exchange, credentials: Credentials): Rest {
  /** A token may have ended since it was looked at, by the server's clock or for good. */
  async function ask(call: Call): Promise<Answer> {
    const credential = await credentials.current()
    try {
      return await exchange(call, credential)
    } catch (error) {
      if (!(error instanceof ParleyError) || error.code !== "unauthorized") throw error
      return exchange(call, await credentials.renew(credential))
    }
  }

  const change = async <T>(call: Call, shape: Shape<T>): Promise<T> =>
    checked(await ask(call), shape, call)

  return {
    change,
    get: (path, shape, query) => change({ method: "GET", path, query }, shape),
    async page(path, shape, query) {
      const call = { method: "GET", path, query } as const
      const answer = await ask(call)
      return { items: checked(answer, listOf(shape), call), cursor: answer.cursor }
    },
    async perform(call) {
      await ask(call)
    },
  }
}

/** Errors: `too_new`. */
export function checked<T>({ body }: Answer, shape: Shape<T>, { method, path }: Call): T {
  if (shape(body)) return body
  throw new ParleyError("too_new", `what ${method} ${path} answers has another shape`)
}
