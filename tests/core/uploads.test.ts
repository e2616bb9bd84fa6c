import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { utimesSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Files } from "../../src/files"
import { NO_DRAFT_EXTRAS } from "../../src/protocol/commands"
import type { Actor, Upload } from "../../src/protocol/entities"
import { asScheduledId } from "../../src/protocol/ids"
import { bothDatabases, type TestGround } from "../support/both-databases"
import { codeOf, draft, openChat, type TestChat } from "../support/chat"
import { filesIn, png } from "../support/uploads"
import { waitUntil } from "../support/wait"

const DAY_MS = 86_400_000

describe.each(bothDatabases)("files on $name", ({ create }) => {
  let ground: TestGround
  let house: TestChat
  let ann: Actor
  let bob: Actor
  /** What stands between the rules and the storage; a test may hold it up. */
  let beforeRemoval: () => Promise<void>
  let beforePut: () => Promise<void>

  const heldUp = (files: Files): Files => ({
    ...files,
    async remove(hash) {
      await beforeRemoval()
      await files.remove(hash)
    },
    async put(hash, path) {
      await beforePut()
      await files.put(hash, path)
    },
  })

  beforeEach(async () => {
    beforeRemoval = () => Promise.resolve()
    beforePut = () => Promise.resolve()
    ground = await create()
    house = await openChat({ ground, filesThrough: heldUp })
    ann = await house.person("ann")
    bob = await house.person("bob")
  }, 30_000)
  afterEach(async () => {
    await house.close()
    await ground.remove()
  }, 30_000)

  function take(actor: Actor, content: string | Uint8Array): Promise<Upload> {
    async function* chunks() {
      yield Buffer.from(content)
    }
    return house.chat.uploads.upload(actor, async () => ({ name: "a", content: chunks() }))
  }
  const textFor = async (actor: Actor, { id }: Upload): Promise<string> => {
    const { open } = await house.chat.uploads.openFile(actor, id)
    return new Response(await open()).text()
  }
  const extras = (some: Partial<typeof NO_DRAFT_EXTRAS>) => ({
    extras: { ...NO_DRAFT_EXTRAS, ...some },
  })
  const kept = () => filesIn(house.filesFolder)
  const rows = async () => (await ground.rows("select id from uploads order by id")).flat()
  const sweep = () => house.chat.uploadRemoval.sweep()

  test("what nothing shows is removed after 86400 s, and not what a message, a profile or a message to come shows", async () => {
    const room = await house.room(ann)
    const names = ["lost", "sent", "worn", "planned"]
    const [lost, sent, worn, planned] = await Promise.all(names.map((name) => take(ann, name)))
    if (!lost || !sent || !worn || !planned) throw new Error("nothing came in")
    await house.chat.messages.sendMessage(ann, draft(room, extras({ attachmentIds: [sent.id] })))
    await house.chat.users.updateProfile(ann, { avatarUrl: `/api/v1/uploads/${worn.id}` })
    await ground.change(
      `insert into scheduled_messages (id, room_numeric_id, user_numeric_id, draft, send_at, created_at)
       values ('${asScheduledId("s")}', 1, ${ann.user.numericId}, '{"extras":{"attachmentIds":["${planned.id}"]}}', 9, 9)`,
    )

    house.advance(DAY_MS - 1_000)
    await sweep()
    expect(kept()).toHaveLength(4)
    house.advance(2_000)
    await sweep()

    expect(await rows()).toEqual([sent.id, worn.id, planned.id].sort())
    expect(kept()).toHaveLength(3)
    expect(await codeOf(textFor(ann, lost))).toBe("upload_not_found")
    for (const it of [sent, worn, planned]) expect(await textFor(ann, it)).toBeString()
  })

  test("the same content is kept once, until the last who has it is gone, thumbnails too", async () => {
    const [one, other] = [await take(ann, png(20, 20)), await take(bob, png(20, 20))]
    expect(kept()).toHaveLength(2)

    await house.chat.uploads.remove(ann, one.id)
    expect(kept()).toHaveLength(2)
    expect((await house.chat.uploads.openThumbnail(bob, other.id)).size).toBeGreaterThan(10)
    await house.chat.uploads.remove(bob, other.id)

    expect(kept()).toEqual([])
    expect(await rows()).toEqual([])
  })

  test("given a content is just being removed, then the same content that comes in waits, and stays", async () => {
    const gone = await take(ann, "the same")
    const held = Promise.withResolvers<void>()
    let isHeld = false
    beforeRemoval = () => {
      isHeld = true
      return held.promise
    }
    const removal = house.chat.uploads.remove(ann, gone.id)
    await waitUntil("it is held", () => isHeld)
    let isIn = false
    const coming = take(bob, "the same").finally(() => {
      isIn = true
    })
    expect(await codeOf(textFor(ann, gone))).toBe("upload_not_found")
    await waitUntil("it has come in", () => kept().some((it) => it.startsWith("tmp/")))
    // It asks, and is told to wait, while others have their turns.
    for (let turn = 0; turn < 20; turn++) await sweep()
    expect(isIn).toBe(false)

    held.resolve()
    await removal

    expect(await textFor(bob, await coming)).toBe("the same")
    expect(await rows()).toHaveLength(1)
  })

  test("given a content comes in while its last owner removes it, then it is there for who came", async () => {
    for (let round = 0; round < 10; round++) {
      const first = await take(ann, `round ${round}`)
      const [, second] = await Promise.all([
        house.chat.uploads.remove(ann, first.id),
        take(bob, `round ${round}`),
      ])

      expect(await textFor(bob, second)).toBe(`round ${round}`)
    }
  })

  test("a removal that broke off is finished ten minutes later, by one of those who look", async () => {
    const upload = await take(ann, "half gone")
    beforeRemoval = () => Promise.reject(new Error("the disk has gone"))
    await codeOf(house.chat.uploads.remove(ann, upload.id))
    let removals = 0
    beforeRemoval = async () => {
      removals++
    }

    await sweep()
    expect(await rows()).toEqual([upload.id])
    expect(await codeOf(textFor(ann, upload))).toBe("upload_not_found")
    house.advance(601_000)
    await Promise.all([sweep(), sweep(), sweep()])

    expect([await rows(), kept(), removals]).toEqual([[], [], 1])
  })

  test("what cannot be stored leaves nothing behind, neither row nor file", async () => {
    beforePut = () => Promise.reject(new Error("the disk is full"))

    expect(await codeOf(take(ann, png(9, 9)))).toBeInstanceOf(Error)

    expect([await rows(), kept()]).toEqual([[], []])
  })

  test("what broke off long ago is cleared away, and not what comes in just now", async () => {
    await take(ann, "there is a folder")
    const [stale, fresh] = ["stale", "fresh"].map((name) => {
      const path = join(house.filesFolder, "tmp", name)
      writeFileSync(path, "half")
      return path
    })
    const longAgo = Date.now() / 1000 - 3_700
    utimesSync(stale ?? "", longAgo, longAgo)

    await house.files.clearStale(Date.now())

    expect(kept().filter((it) => it.startsWith("tmp/"))).toEqual([
      `tmp/${fresh?.split("/").at(-1)}`,
    ])
  })

  test("a message that repeats another shows its files to those who read it, and they stay as long as it does", async () => {
    const [hers, his] = [await house.room(ann, [], "private"), await house.room(bob, [], "private")]
    const upload = await take(ann, "to be repeated")
    const attached = extras({ attachmentIds: [upload.id] })
    const { message } = await house.chat.messages.sendMessage(ann, draft(hers, attached))
    const attachments = message.extras?.attachments ?? []
    expect(await codeOf(textFor(bob, upload))).toBe("upload_not_found")

    const forwarded = { from: message.id, attachments }
    const { message: copy } = await house.chat.messages.sendMessage(
      bob,
      draft(his, extras({ forwarded } as Partial<typeof NO_DRAFT_EXTRAS>)),
    )

    expect(copy.extras?.attachments).toEqual(attachments)
    expect(await textFor(bob, upload)).toBe("to be repeated")
    const forget = (it: typeof message) =>
      house.store.write(function* () {
        return { result: yield* house.store.attachments.forget(it.numericId), events: [] }
      })
    await forget(message)
    expect(await codeOf(house.chat.uploads.remove(ann, upload.id))).toBe("conflict")
    await forget(copy)
    expect(await codeOf(textFor(bob, upload))).toBe("upload_not_found")
    await house.chat.uploads.remove(ann, upload.id)
    expect(kept()).toEqual([])
  })

  test("given a file is sent while it is removed, then one of both has not happened", async () => {
    const room = await house.room(ann)
    for (let round = 0; round < 10; round++) {
      const upload = await take(ann, `sent or removed ${round}`)
      const attached = draft(room, extras({ attachmentIds: [upload.id] }))
      const [sent, removed] = await Promise.all([
        codeOf(house.chat.messages.sendMessage(ann, attached)),
        codeOf(house.chat.uploads.remove(ann, upload.id)),
      ])

      const isThere = (await codeOf(textFor(ann, upload))) === "no error"
      expect([sent, removed, isThere]).toEqual(
        isThere ? ["no error", "conflict", true] : ["invalid_request", "no error", false],
      )
    }
  })
})
