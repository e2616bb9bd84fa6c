import { createContext } from "preact"
import { useContext, useLayoutEffect, useReducer } from "preact/hooks"
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
