export interface FetchBounds {
  /** For the whole of it, the body too. */
  readonly timeoutMs: number
  readonly bytesMax: number
}

/** Fetches JSON from exactly this address, within bounds. Rejects with what went wrong. */
export async function fetchJson(url: string, bounds: FetchBounds): Promise<unknown> {
  const response = await fetch(url, {
    headers: { accept: "application/json" },
    // Where a redirect leads, nobody has configured.
    redirect: "manual",
    signal: AbortSignal.timeout(bounds.timeoutMs),
  })
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new Error(`${url} answered ${response.status}, not 200`)
  }
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > bounds.bytesMax)
      throw new Error(`${url} answered more than ${bounds.bytesMax} bytes`)
    chunks.push(chunk)
  }
  return JSON.parse(Buffer.concat(chunks).toString())
}
