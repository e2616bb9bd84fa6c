import { type Carrier, type HttpRequest, notReached } from "./carrier"

/** As much of a browser's `XMLHttpRequest` as uploads need: `fetch` does not tell how far it is. */
interface Xhr {
  readonly upload: {
    addEventListener(type: "progress", listener: (event: Progress) => void): void
  }
  readonly status: number
  readonly responseText: string
  addEventListener(type: "load" | "error" | "abort", listener: () => void): void
  open(method: string, url: string): void
  setRequestHeader(name: string, value: string): void
  getResponseHeader(name: string): string | null
  send(body: string | FormData | null): void
  abort(): void
}

interface Progress {
  readonly lengthComputable: boolean
  readonly loaded: number
  readonly total: number
}

/** Null where there is none, as in Node and Bun. */
export function createXhrCarrier(
  scope: { readonly XMLHttpRequest?: new () => Xhr; readonly fetch?: unknown } = globalThis,
): Carrier | null {
  const { XMLHttpRequest } = scope
  if (XMLHttpRequest === undefined) return null

  return (request) => {
    const xhr = new XMLHttpRequest()
    xhr.open(request.method, request.url)
    for (const [name, value] of Object.entries(request.headers)) xhr.setRequestHeader(name, value)
    return settle(xhr, request)
  }
}

async function settle(xhr: Xhr, { body, signal, onProgress }: HttpRequest) {
  signal?.throwIfAborted()
  const onAbort = () => xhr.abort()
  signal?.addEventListener("abort", onAbort)
  try {
    await new Promise<void>((resolve, reject) => {
      xhr.addEventListener("load", () => resolve())
      xhr.addEventListener("error", () => reject(notReached()))
      xhr.addEventListener("abort", () => reject(signal?.reason ?? notReached()))
      xhr.upload.addEventListener("progress", ({ lengthComputable, loaded, total }) => {
        if (lengthComputable && total > 0) onProgress?.(loaded / total)
      })
      xhr.send(body ?? null)
    })
  } finally {
    signal?.removeEventListener("abort", onAbort)
  }
  onProgress?.(1)
  return {
    status: xhr.status,
    text: xhr.responseText,
    header: (name: string) => xhr.getResponseHeader(name),
  }
}
