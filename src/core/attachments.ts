import type { Attachment, Message, Profile, Upload } from "../protocol/entities"
import { ChatError } from "../protocol/errors"
import type { UploadId } from "../protocol/ids"
import type { Script } from "../store"
import type { ChatDeps } from "./deps"

export const asAttachment = (upload: Upload): Attachment => ({
  id: upload.id,
  name: upload.name,
  mime: upload.mime,
  size: upload.size,
  width: upload.width,
  height: upload.height,
  hasThumbnail: upload.thumbnailHash !== null,
})

/** The files that messages show. */
export function createAttachments({ store }: Pick<ChatDeps, "store">) {
  /** Uploads of the author's own, in this order. Errors: `invalid_request`, naming each wrong one. */
  function* findOwn(
    author: Pick<Profile, "numericId">,
    ids: readonly UploadId[],
  ): Script<readonly Attachment[]> {
    const found: Attachment[] = []
    const problems: { path: string; message: string }[] = []
    for (const [index, id] of ids.entries()) {
      const upload = yield* store.uploads.find(id)
      // Another's is told like one that nobody has.
      const isTheirs = upload !== null && upload.owner === author.numericId
      const problem = ids.indexOf(id) < index ? "stands there twice" : "is no upload of yours"
      if (isTheirs && ids.indexOf(id) === index) found.push(asAttachment(upload))
      else problems.push({ path: `attachment_ids.${index}`, message: problem })
    }
    if (problems.length > 0) throw new ChatError("invalid_request", { problems })
    return found
  }

  /** Of another message's files those that are still there. */
  function* findStill(attachments: readonly Attachment[]): Script<readonly Attachment[]> {
    const found: Attachment[] = []
    for (const attachment of attachments) {
      if ((yield* store.uploads.find(attachment.id)) !== null) found.push(attachment)
    }
    return found
  }

  /** From here on whoever may read the message may read its files, and they stay. */
  function* show({ numericId, extras }: Message): Script<void> {
    for (const { id } of extras?.attachments ?? []) yield* store.attachments.show(numericId, id)
  }

  return { findOwn, findStill, show }
}
