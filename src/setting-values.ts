/** What settings are written as: text from the environment, checked and read. */
import { z } from "zod"
import { readPublicKey } from "./auth/external/public-key"

const UNITS_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** `60s`, `15m`, `30d`; a bare number is seconds. Becomes milliseconds. */
export const duration = z
  .string()
  .regex(/^\d{1,9}(ms|s|m|h|d)?$/, "must be a duration like 60s, 15m or 30d")
  .transform((text) => {
    const [, digits = "", unit = "s"] = /^(\d+)(\D*)$/.exec(text) ?? []
    return Number(digits) * (UNITS_MS[unit as keyof typeof UNITS_MS] ?? UNITS_MS.s)
  })

/** One that is not 0. */
export const positiveDuration = duration.refine((ms) => ms > 0, "must be longer than 0")

/** A whole number, 0 included. */
export const count = z
  .string()
  .regex(/^\d{1,9}$/, "must be a whole number")
  .transform(Number)

/** The same of bytes, of which there may be more. */
export const byteCount = z
  .string()
  .regex(/^\d{1,15}$/, "must be a whole number")
  .transform(Number)

/** Whether or not. Operators write it in both ways. */
export const flag = z.stringbool({
  truthy: ["true", "1"],
  falsy: ["false", "0"],
  error: "must be true or false (or 1 or 0)",
})

export const onOrOff = z.stringbool({
  truthy: ["on", "true", "1"],
  falsy: ["off", "false", "0"],
  error: "must be on or off",
})

/** For people to read, and for nothing else: of letters that stand where they are written. */
export const serverName = z
  .string()
  .trim()
  .min(1, "must not be blank")
  .refine((name) => [...name].length <= 64, "must have at most 64 characters")
  .regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u, "must be plain text, without control characters")

/** Origins, separated by commas, each as a browser would send it. */
export const origins = z
  .string()
  .transform((text) => text.split(",").map((part) => part.trim()))
  .pipe(
    z.array(
      z.string().refine((text) => URL.canParse(text) && new URL(text).origin === text, {
        error: "must be origins like https://chat.example, separated by commas",
      }),
    ),
  )

/** A secret, or null where it is unset. */
export const secret = (charsMin: number): z.ZodType<string | null, string> =>
  z.string().min(charsMin, `must have at least ${charsMin} characters`)

/** A name that is compared whole, or null where it is unset. */
export const exactName: z.ZodType<string | null, string> = z.string().max(255).trim().min(1)

/** In PEM, or null where it is unset. */
export const publicKey: z.ZodType<string | null, string> = z
  .string()
  .refine((text) => readPublicKey(text) !== null, {
    error: "must be a public key in PEM: RSA of 2048 bits or more, P-256 or Ed25519",
  })

/** Where a set of keys is told, or null where it is unset. */
export const keySetUrl: z.ZodType<string | null, string> = z.string().refine(isKeySetUrl, {
  error: "must be a URL of http or https, without a user name",
})

function isKeySetUrl(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol) && url.username + url.password === ""
}

/** Where Redis is, or null where it is unset. */
export const redisUrl: z.ZodType<string | null, string> = z.string().refine(isRedisUrl, {
  // What is wrong with it is not shown: there is a password in it.
  error: "must be a URL like redis://user:password@host:6379/0, or rediss:// for TLS",
})

function isRedisUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || !/^rediss?:$/.test(url.protocol) || url.hostname === "") return false
  return /^(\/\d{0,5})?$/.test(url.pathname) && url.search + url.hash === ""
}

/** What names of channels begin with. */
export const channelPrefix = z
  .string()
  .regex(/^[\w.-]{1,64}$/, "must be 1 to 64 of letters, digits and _ . -")

/** Where Postgres is. A problem must not show the text, which has a password in it. */
export const postgresUrl = z.string().refine(isPostgresUrl, {
  error: "must be a URL like postgres://user:password@host:5432/name",
})

/**
 * A password with a slash in it would end the host too early, and the rest of it, up to the @, would
 * be shown as the place of the database.
 */
function isPostgresUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol)) return false
  const { username, password, pathname, search, hash } = url
  if (!/^\/[^/@]+$/.test(pathname) || search.includes("@") || hash !== "") return false
  return [username, password, pathname].every(isDecodable)
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/** One for messages, one for other writes, one for reads: fewer would wait for each other. */
export const poolSize = count.refine((size) => size >= 3 && size <= 1000, "must be 3 to 1000")
