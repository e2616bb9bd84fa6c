import { createContext } from "preact"
import { useContext } from "preact/hooks"
import type { RoomHandle } from "../../client/client"
import type { ApiMessage, ApiProfile } from "../../protocol/answers"
import type { MessageRights } from "./rights"

/** What is open above the list, and on which message. */
export type Overlay =
  | {
      readonly type: "menu" | "picker" | "seen" | "history"
      readonly message: ApiMessage
      readonly anchor: Element
    }
  | { readonly type: "delete" | "forward"; readonly message: ApiMessage }
  | { readonly type: "image"; readonly message: ApiMessage; readonly index: number }

/** What every row of a room knows beside its message. The same object while the list is shown. */
export interface RoomContext {
  readonly room: RoomHandle
  readonly myId: () => string | null
  readonly rightsOn: (message: ApiMessage) => MessageRights
  /** Scrolls to a message, from history if need be, and shows which one it is. */
  readonly jumpTo: (message: Pick<ApiMessage, "id" | "seq">) => void
  /** The message of that id, from what is shown or from the server. Null: it is gone. */
  readonly find: (messageId: string) => Promise<ApiMessage | null>
  readonly show: (overlay: Overlay | null) => void
  readonly nameOf: (userId: string) => string | null
  /** Of the thread that is shown; null: the room itself is. */
  readonly threadId: string | null
  readonly canSeeReaders: () => boolean
  readonly showAsNew: ((message: ApiMessage) => void) | null
}

export const RoomMessages = createContext<RoomContext | null>(null)
export const People = createContext<ReadonlyMap<string, ApiProfile>>(new Map())

/** Only below a list of messages. */
export function useRoomMessages(): RoomContext {
  const context = useContext(RoomMessages)
  if (context === null) throw new Error("no list of messages above")
  return context
}

export const usePeople = () => useContext(People)
