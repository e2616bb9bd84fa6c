/**
 * Ids. Every user, room and message has a public id (a string, shown to clients) and a
 * numeric id (the database's key, shown where a protocol asks for a number).
 * Brands keep one kind from being passed for another; they cost nothing at run time.
 */
declare const brand: unique symbol
type Branded<Value, Name extends string> = Value & { readonly [brand]: Name }

export type UserId = Branded<string, "UserId">
export type RoomId = Branded<string, "RoomId">
export type MessageId = Branded<string, "MessageId">
export type SessionId = Branded<string, "SessionId">
export type KeyId = Branded<string, "KeyId">
export type InviteCode = Branded<string, "InviteCode">
export type UploadId = Branded<string, "UploadId">
export type ScheduledId = Branded<string, "ScheduledId">
export type ConnectionId = Branded<string, "ConnectionId">

export type UserNumericId = Branded<number, "UserNumericId">
export type RoomNumericId = Branded<number, "RoomNumericId">
export type MessageNumericId = Branded<number, "MessageNumericId">

/** The number of a change in its room: 1, 2, 3 … without gaps. */
export type Seq = number

/** An instant: milliseconds since the Unix epoch. */
export type Instant = number

/** The last instant that ISO 8601 writes with a year of four digits, as our answers do. */
export const INSTANT_MAX: Instant = Date.parse("9999-12-31T23:59:59.999Z")

/** Rooms may be named by clients; ids are then 1-100 of these characters, not "." or "..". */
export const ROOM_ID_PATTERN = /^(?!\.{1,2}$)[A-Za-z0-9_.-]{1,100}$/

/** The author of what the server itself says. Nobody can be this user. */
export const SYSTEM_USER_ID = "00000000-0000-0000-0000-000000000000"
export const SYSTEM_NUMERIC_ID = 0 as UserNumericId

// The brand is put on in these few lines and nowhere else: a plain string that a schema
// has accepted, or that we have just made, becomes an id here.
export const asUserId = (text: string) => text as UserId
export const asRoomId = (text: string) => text as RoomId
export const asMessageId = (text: string) => text as MessageId
export const asSessionId = (text: string) => text as SessionId
export const asKeyId = (text: string) => text as KeyId
export const asInviteCode = (text: string) => text as InviteCode
export const asUploadId = (text: string) => text as UploadId
export const asScheduledId = (text: string) => text as ScheduledId
export const asConnectionId = (text: string) => text as ConnectionId
export const asUserNumericId = (value: number) => value as UserNumericId
export const asRoomNumericId = (value: number) => value as RoomNumericId
export const asMessageNumericId = (value: number) => value as MessageNumericId
