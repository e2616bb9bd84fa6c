import { keep, readKept } from "./kept"

const NAME = "owner"

/** Whether what is kept in this browser is theirs. */
export const isOwner = (userId: string): boolean => readKept(NAME) === userId

/** What is kept from now on is theirs. */
export const keepOwner = (userId: string): void => keep(NAME, userId)
