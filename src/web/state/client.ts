import { createContext } from "preact"
import { useContext, useLayoutEffect, useReducer, useRef } from "preact/hooks"
import type { Client } from "../../client/client"
import type { Live } from "../../client/live"

const ClientContext = createContext<Client | null>(null)

export const ClientProvider = ClientContext.Provider

/** The one client of the page. Only below `ClientProvider`. */
export function useClient(): Client {
  const client = useContext(ClientContext)
  if (client === null) throw new Error("no ClientProvider above")
  return client
}

/** What a `Live` holds; the component is drawn again when it changes. */
export function useLive<T>(live: Live<T>): T {
  const [, drawAgain] = useReducer<number, void>((count) => count + 1, 0)
  const { value } = live
  useLayoutEffect(() => {
    // It may have changed between being drawn and being listened to.
    if (!Object.is(live.value, value)) drawAgain()
    return live.subscribe(() => drawAgain())
  }, [live])
  return value
}

/** A part of what a `Live` holds; drawn again only when that part is another. */
export function useSelected<T, Part>(live: Live<T>, select: (value: T) => Part): Part {
  const [, drawAgain] = useReducer<number, void>((count) => count + 1, 0)
  const part = select(live.value)
  const latest = useRef({ select, part })
  latest.current = { select, part }
  useLayoutEffect(() => {
    const look = () => {
      const { select: wanted, part: drawn } = latest.current
      if (!Object.is(wanted(live.value), drawn)) drawAgain()
    }
    look()
    return live.subscribe(look)
  }, [live])
  return part
}
