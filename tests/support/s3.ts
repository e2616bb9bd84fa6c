import { createHash, createHmac } from "node:crypto"

const REGION = "test-region"
const BUCKET = "files"
const KEY_ID = "PARLEYTEST"
const SECRET = "a secret that signs requests"

/**
 * As much of S3 as our storage asks for, over HTTP: objects of one bucket, whole and in parts, by
 * requests that are signed as they must be (Signature Version 4, in headers). No package that runs
 * on Bun and is kept does this.
 */
export function startS3() {
  const objects = new Map<string, Uint8Array>()
  const parts = new Map<string, Map<number, Uint8Array>>()
  const refused: string[] = []
  let isBroken = false

  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: answer })

  async function answer(request: Request): Promise<Response> {
    const url = new URL(request.url)
    const wrong = signatureProblem(request, url)
    if (wrong !== null) {
      refused.push(wrong)
      return failure(403, "SignatureDoesNotMatch")
    }
    if (isBroken) return failure(500, "InternalError")
    const [, bucket, ...rest] = decodeURIComponent(url.pathname).split("/")
    if (bucket !== BUCKET) return failure(404, "NoSuchBucket")
    const key = rest.join("/")
    const upload = url.searchParams.get("uploadId")
    switch (request.method) {
      case "PUT":
        return put(key, upload, url, new Uint8Array(await request.arrayBuffer()))
      case "POST":
        await request.arrayBuffer()
        return upload === null ? begin(key) : complete(key, upload)
      case "DELETE":
        objects.delete(key)
        return new Response(null, { status: 204 })
      default:
        return get(key, request)
    }
  }

  function put(key: string, upload: string | null, url: URL, bytes: Uint8Array): Response {
    if (upload === null) objects.set(key, bytes)
    else parts.get(upload)?.set(Number(url.searchParams.get("partNumber")), bytes)
    return new Response(null, { headers: { etag: `"${bytes.length}"` } })
  }

  function begin(key: string): Response {
    const upload = `upload-${parts.size}`
    parts.set(upload, new Map())
    return xml(
      `<InitiateMultipartUploadResult><Bucket>${BUCKET}</Bucket><Key>${key}</Key><UploadId>${upload}</UploadId></InitiateMultipartUploadResult>`,
    )
  }

  function complete(key: string, upload: string): Response {
    const some = [...(parts.get(upload) ?? [])].sort(([one], [other]) => one - other)
    objects.set(key, new Uint8Array(Buffer.concat(some.map(([, bytes]) => bytes))))
    return xml(
      `<CompleteMultipartUploadResult><Key>${key}</Key><ETag>"x"</ETag></CompleteMultipartUploadResult>`,
    )
  }

  function get(key: string, { method, headers }: Request): Response {
    const bytes = objects.get(key)
    if (bytes === undefined) return failure(404, "NoSuchKey")
    const [, from = "0", to = ""] = /^bytes=(\d+)-(\d*)$/.exec(headers.get("range") ?? "") ?? []
    const part = bytes.slice(Number(from), to === "" ? undefined : Number(to) + 1)
    const told = { etag: '"x"', "last-modified": new Date(0).toUTCString() }
    if (method === "HEAD") {
      return new Response(null, { headers: { ...told, "content-length": String(bytes.length) } })
    }
    return new Response(part, { status: headers.has("range") ? 206 : 200, headers: told })
  }

  return {
    settings: {
      endpoint: `http://127.0.0.1:${server.port}`,
      region: REGION,
      bucket: BUCKET,
      accessKeyId: KEY_ID,
      secretAccessKey: SECRET,
      prefix: "parley/",
    },
    objects,
    /** Why requests were not believed. */
    refused,
    /** From here on it answers nothing but that it is broken. */
    break: () => {
      isBroken = true
    },
    stop: () => server.stop(true),
  }
}

const xml = (text: string, status = 200) =>
  new Response(`<?xml version="1.0" encoding="UTF-8"?>${text}`, {
    status,
    headers: { "content-type": "application/xml" },
  })

const failure = (status: number, code: string) =>
  xml(`<Error><Code>${code}</Code><Message>no</Message></Error>`, status)

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex")
const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest()

/** Null: it is signed with our key. Source: "Authenticating Requests (AWS Signature Version 4)". */
function signatureProblem({ method, headers }: Request, url: URL): string | null {
  const [, scope = "", names = "", signature] =
    /^AWS4-HMAC-SHA256 Credential=[^/]+\/([^,]+), ?SignedHeaders=([^,]+), ?Signature=(\w+)$/.exec(
      headers.get("authorization") ?? "",
    ) ?? []
  if (signature === undefined) return "it has no signature"
  const date = headers.get("x-amz-date") ?? ""
  const signed = names.split(";")
  for (const name of ["host", "x-amz-content-sha256", "x-amz-date"]) {
    if (!signed.includes(name)) return `${name} is not signed`
  }
  const query = [...url.search.slice(1).split("&")]
    .filter((it) => it !== "")
    .map((it) => (it.includes("=") ? it : `${it}=`))
    .sort()
    .join("&")
  const canonical = [
    method,
    url.pathname,
    query,
    ...signed.map((name) => `${name}:${headers.get(name)?.trim()}`),
    "",
    names,
    headers.get("x-amz-content-sha256"),
  ].join("\n")
  const text = ["AWS4-HMAC-SHA256", date, scope, sha256(canonical)].join("\n")
  const expectedScope = `${date.slice(0, 8)}/${REGION}/s3/aws4_request`
  if (scope !== expectedScope) return `${scope}, where ${expectedScope} is right`
  const key = scope.split("/").reduce<string | Buffer>(hmac, `AWS4${SECRET}`)
  return hmac(key, text).toString("hex") === signature ? null : `another signature of ${canonical}`
}
