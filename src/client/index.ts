/** The SDK of Parley: a client for browsers, Node and Bun. */
export type {
  ApiBan,
  ApiConversation,
  ApiInvite,
  ApiKeyView,
  ApiMember,
  ApiMessage,
  ApiMessageVersion,
  ApiNewKey,
  ApiPresence,
  ApiProfile,
  ApiReadMark,
  ApiRoom,
  ApiScheduledMessage,
  ApiSearchHit,
  ApiSession,
  ApiUnread,
  ApiUser,
} from "../protocol/answers"
export type { KeyScope, PresenceStatus, Role } from "../protocol/entities"
export type { ErrorCode, FieldProblem } from "../protocol/errors"
export type * from "./api"
export type * from "./client"
export { createClient } from "./create-client"
export { type ClientErrorCode, ParleyError } from "./error"
export type { Live } from "./live"
export type * from "./storage/storage"
export { type BrowserStorageOptions, createBrowserStorage } from "./storage/storage.browser"
export { createMemoryStorage } from "./storage/storage.memory"
