import { createContext } from "preact"
import { useContext, useLayoutEffect, useReducer, useRef } from "preact/hooks"
import type { Client } from "../../client/client"
import type { Live } from "../../client/live"
import { dropFromFrame, inNextFrame } from "./frames"

const ClientContext = createContext<Client | null>(null)

export const ClientProvider = ClientContext.Provider

/** The one client of the page. Only below `ClientProvider`. */
export function useClient(): Client {
  const client = useContext(ClientContext)
  if (client === null) throw new Error("no ClientProvider above")
  return client
}

/** What a `Live` holds; the component is drawn again when it changes, once a frame at most. */
export function useLive<T>(live: Live<T>): T {
  return useSelected(live, whole)
}

/** A part of what a `Live` holds; drawn again only when that part is another. */
export function useSelected<T, Part>(
  live: Live<T>,
  select: (value: T) => Part,
  isSame: (one: Part, other: Part) => boolean = Object.is,
): Part {
  const [, drawAgain] = useReducer<number, void>((count) => count + 1, 0)
  const latest = useRef<{ readonly part: Part } | null>(null)
  const selected = select(live.value)
  const known = latest.current
  const part = known !== null && isSame(selected, known.part) ? known.part : selected
  latest.current = { part }
  const chosen = useRef({ select, isSame })
  chosen.current = { select, isSame }
  useLayoutEffect(() => {
    const look = () => {
      const { current: drawn } = latest
      const now = chosen.current.select(live.value)
      if (drawn === null || !chosen.current.isSame(now, drawn.part)) drawAgain()
    }
    const stop = live.subscribe(() => inNextFrame(look))
    // It may have changed between being drawn and being listened to.
    look()
    return () => {
      stop()
      dropFromFrame(look)
    }
  }, [live])
  return part
}

const whole = <T>(value: T): T => value
