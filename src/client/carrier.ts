import { ParleyError } from "./error"

export interface HttpRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | FormData | undefined
  readonly signal?: AbortSignal | undefined
  /** From 0 to 1, as the body goes. */
  readonly onProgress?: ((share: number) => void) | undefined
}

export interface HttpAnswer {
  readonly status: number
  readonly text: string
  header(name: string): string | null
}

/** Carries a request to the server. Errors: `offline`; where it was aborted, the signal's reason. */
export type Carrier = (request: HttpRequest) => Promise<HttpAnswer>

/** Cookies of a page's own origin go along, which pictures and files are shown by. */
export function createFetchCarrier(send: typeof fetch): Carrier {
  return async ({ method, url, headers, body, signal, onProgress }) => {
    try {
      const response = await send(url, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
        ...(signal === undefined ? {} : { signal }),
      })
      const text = await response.text()
      onProgress?.(1)
      return { status: response.status, text, header: (name) => response.headers.get(name) }
    } catch (cause) {
      signal?.throwIfAborted()
      throw notReached(cause)
    }
  }
}

export const notReached = (cause?: unknown): ParleyError =>
  new ParleyError("offline", "the server was not reached", { cause })
