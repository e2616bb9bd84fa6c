/** Settings of files that users hand in. */
import { z } from "zod"
import { byteCount, count, exactName } from "./setting-values"
import { variable } from "./variable"

/** What is part of an address, and of what is signed. */
const name = z.string().regex(/^[\w.-]{1,255}$/, "must be 1 to 255 of letters, digits and _ . -")

const bucketName: z.ZodType<string | null, string> = name

const endpoint: z.ZodType<string | null, string> = z.string().refine(isEndpoint, {
  error: "must be a URL of http or https, without a user name, a query or a fragment",
})

function isEndpoint(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) return false
  return url.username + url.password + url.search + url.hash === ""
}

const prefix: z.ZodType<string | null, string> = z
  .string()
  .regex(
    /^(?!\/)[\w./-]{1,200}$/,
    "must be 1 to 200 of letters, digits and _ . - /, and not begin with /",
  )

export const UPLOAD_VARIABLES = {
  CHAT_MAX_UPLOAD_BYTES: variable({
    schema: byteCount,
    default: "26214400",
    help: "bytes of a file that is uploaded; 25 MiB where nothing is said",
  }),
  CHAT_MAX_UPLOADS_PER_MIN: variable({
    schema: count,
    default: { production: "20", development: "60" },
    help: "uploads per user, refused ones too, over all nodes together",
  }),
  UPLOADS_S3_BUCKET: variable({
    schema: bucketName,
    default: null,
    help: "bucket of an S3 storage that uploads are kept in; unset: DATA_DIR/uploads",
  }),
  UPLOADS_S3_ENDPOINT: variable({
    schema: endpoint,
    default: null,
    help: "where that storage is (https://s3.example); unset: Amazon's, in the region",
  }),
  UPLOADS_S3_REGION: variable({
    schema: name,
    default: "us-east-1",
    help: "its region",
  }),
  UPLOADS_S3_ACCESS_KEY_ID: variable({
    schema: exactName,
    default: null,
    help: "the key that requests to it are signed with; must be set where the bucket is",
  }),
  UPLOADS_S3_SECRET_ACCESS_KEY: variable({
    schema: exactName,
    default: null,
    help: "the secret of that key; must be set as well",
  }),
  UPLOADS_S3_PREFIX: variable({
    schema: prefix,
    default: null,
    help: "what the names of all objects begin with (parley/); unset: nothing",
  }),
} as const

type UploadSettings = {
  readonly [Name in keyof typeof UPLOAD_VARIABLES]?: z.output<
    (typeof UPLOAD_VARIABLES)[Name]["schema"]
  >
}

/** What is wrong with them taken together. */
export function uploadProblems(config: UploadSettings): readonly string[] {
  const keys = ["UPLOADS_S3_ACCESS_KEY_ID", "UPLOADS_S3_SECRET_ACCESS_KEY"] as const
  const rest = [...keys, "UPLOADS_S3_ENDPOINT", "UPLOADS_S3_PREFIX"] as const
  const { UPLOADS_S3_BUCKET: bucket } = config
  if (bucket === undefined) return []
  if (bucket !== null) {
    return keys
      .filter((name) => config[name] === null)
      .map((name) => `${name}: must be set, as UPLOADS_S3_BUCKET is`)
  }
  return rest
    .filter((name) => typeof config[name] === "string")
    .map((name) => `${name}: is of no use without UPLOADS_S3_BUCKET`)
}
