import { importSPKI } from "jose"
import { createJwks, type JwksOptions } from "./jwks"
import type { FoundKey, KeySource, Lease } from "./key-source"
import type { ExternalIssuer } from "./settings"

/** A key that is set stays the same until the server is started with another. */
const FOR_EVER: Lease = { until: Number.POSITIVE_INFINITY }

/** The keys of the app, from whichever setting has them. */
export function createKeySource(
  key: ExternalIssuer["key"],
  options: Omit<JwksOptions, "url">,
): KeySource {
  switch (key.type) {
    case "secret": {
      const secret = new TextEncoder().encode(key.secret)
      return oneKey("HS256", async () => secret)
    }
    case "public": {
      const { pem, algorithm } = key.publicKey
      return oneKey(algorithm, () => importSPKI(pem, algorithm))
    }
    case "jwks":
      return createJwks({ ...options, url: key.url })
  }
}

function oneKey(algorithm: string, load: () => Promise<FoundKey["key"]>): KeySource {
  let key: Promise<FoundKey["key"]> | undefined
  return {
    algorithms: [algorithm],
    async find() {
      key ??= load()
      return { key: await key, lease: FOR_EVER }
    },
    lease: () => FOR_EVER,
  }
}
