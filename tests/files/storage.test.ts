import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { createHash } from "node:crypto"
import { mkdirSync, statSync, writeFileSync } from "node:fs"
import { createDiskStorage, type Storage } from "../../src/files"
import { createS3Storage } from "../../src/files/storage.s3"
import { codeOf } from "../support/chat"
import { startS3 } from "../support/s3"
import { createScratch, type Scratch } from "../support/scratch"
import { filesIn } from "../support/uploads"

interface Ground {
  readonly storage: Storage
  names(): readonly string[]
  stop(): unknown
}

const KINDS: readonly (readonly [name: string, open: (scratch: Scratch) => Ground])[] = [
  [
    "a disk",
    (scratch) => {
      const folder = scratch.path("kept")
      return {
        storage: createDiskStorage(folder),
        names: () => filesIn(folder),
        stop: () => undefined,
      }
    },
  ],
  [
    "S3",
    () => {
      const s3 = startS3()
      return {
        storage: createS3Storage(s3.settings, () => undefined),
        names: () => [...s3.objects.keys()],
        stop() {
          expect(s3.refused).toEqual([])
          return s3.stop()
        },
      }
    },
  ],
]

describe.each(KINDS)("a storage on %s", (_name, open) => {
  let scratch: Scratch
  let ground: Ground
  beforeEach(() => {
    scratch = createScratch()
    ground = open(scratch)
  })
  afterEach(async () => {
    await ground.stop()
    scratch.remove()
  })

  function fileOf(content: string | Uint8Array) {
    const path = scratch.path(`incoming-${Bun.randomUUIDv7()}`)
    writeFileSync(path, content)
    return { path, size: content.length, hash: createHash("sha256").update(content).digest("hex") }
  }
  const read = async (...args: Parameters<Storage["read"]>) =>
    Buffer.from(await new Response(await ground.storage.read(...args)).arrayBuffer())

  test("gives back what was put there, whole and in part, and keeps it once", async () => {
    const { path, hash, size } = fileOf("0123456789")

    await ground.storage.put(hash, path)
    await ground.storage.put(hash, fileOf("0123456789").path)

    expect((await read(hash, size)).toString()).toBe("0123456789")
    expect((await read(hash, size, { first: 2, last: 4 })).toString()).toBe("234")
    expect((await read(hash, size, { first: 9, last: 9 })).toString()).toBe("9")
    expect(await ground.storage.sizeOf(hash)).toBe(10)
    expect(ground.names()).toHaveLength(1)
  })

  test("holds what is large, and what is empty", async () => {
    for (const bytes of [12 * 1024 * 1024 + 1, 0]) {
      const content = new Uint8Array(bytes).fill(7)
      const { path, hash, size } = fileOf(content)

      await ground.storage.put(hash, path)

      expect(Buffer.compare(await read(hash, size), content)).toBe(0)
    }
  }, 20_000)

  test("what is removed is gone, and may be removed again, and put there again", async () => {
    const { path, hash, size } = fileOf("once")
    await ground.storage.put(hash, path)

    await ground.storage.remove(hash)
    await ground.storage.remove(hash)

    expect(await ground.storage.has(hash)).toBe(false)
    expect(ground.names()).toEqual([])
    expect(await codeOf(ground.storage.read(hash, size))).toBeInstanceOf(Error)
    await ground.storage.put(hash, path)
    expect((await read(hash, size)).toString()).toBe("once")
  })
})

describe("what each of them does by itself", () => {
  test("on a disk contents are for the owner's eyes only, in folders by their hash", async () => {
    const scratch = createScratch()
    const folder = scratch.path("kept")
    mkdirSync(folder)
    const path = scratch.path("incoming")
    writeFileSync(path, "secret", { mode: 0o644 })
    const hash = createHash("sha256").update("secret").digest("hex")

    await createDiskStorage(folder).put(hash, path)

    const [name = ""] = filesIn(folder)
    expect(name).toBe(`${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash}`)
    expect(statSync(`${folder}/${name}`).mode & 0o777).toBe(0o600)
    expect(statSync(`${folder}/${hash.slice(0, 2)}`).mode & 0o777).toBe(0o700)
    scratch.remove()
  })

  test("S3 that is broken, or does not believe us, is overloaded, and that is told without its secret", async () => {
    const s3 = startS3()
    const troubles: unknown[] = []
    const wrong = { ...s3.settings, secretAccessKey: "another secret" }
    const storage = createS3Storage(wrong, (error) => troubles.push(error))
    const right = createS3Storage(s3.settings, (error) => troubles.push(error))

    expect(await codeOf(storage.has("abcd"))).toBe("overloaded")
    expect(await codeOf(storage.remove("abcd"))).toBe("overloaded")
    s3.break()
    expect(await codeOf(right.sizeOf("abcd"))).toBe("overloaded")

    expect(troubles).toHaveLength(3)
    expect(s3.refused.length).toBeGreaterThan(0)
    expect(Bun.inspect(troubles)).not.toMatch(/another secret|a secret that signs/)
    await s3.stop()
  })
})
