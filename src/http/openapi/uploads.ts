import { AttachmentSchema } from "../../protocol/answers"
import { LIMITS } from "../../protocol/limits"
import { empty, json, operations, type Success } from "./operation"

const HEADERS = {
  ETag: "The same as long as the content is, and it never changes.",
  "Accept-Ranges": "`bytes`.",
  "Content-Disposition":
    "The file's name; `inline` for pictures, sounds, films and texts, `attachment` for all else.",
}

/** What the one who asks has most of, or all. */
const PARTS: readonly Success[] = [
  {
    status: 206,
    means: "A part of it: one range of `Range`, where `If-Range` is absent or names the `ETag`.",
    mime: "*/*",
    headers: { "Content-Range": "Which part, and of how many bytes." },
  },
  { status: 304, means: "It is what `If-None-Match` names." },
  {
    status: 416,
    means: "It ends before the range begins.",
    headers: { "Content-Range": "How many bytes it has." },
  },
]

const file = (means: string): Success => ({ status: 200, means, mime: "*/*", headers: HEADERS })

const FIELDS = { id: "The upload's id." }

export const UPLOADS = operations({
  "POST /api/v1/uploads": {
    id: "createUpload",
    tag: "files",
    summary: "Upload a file",
    description: `Answered when it is on the disk. Its kind is told by what it holds. Pictures of up to ${LIMITS.picturePixelsMax.toLocaleString("en")} pixels get a thumbnail. It is the uploader's alone until a message shows it (\`attachment_ids\`), or their \`avatar_url\` names it; what nothing shows for a day is removed. Counted per user (\`CHAT_MAX_UPLOADS_PER_MIN\`); a file may have \`CHAT_MAX_UPLOAD_BYTES\` bytes.`,
    form: { file: "The file, with its name. Other fields are read over." },
    success: json(AttachmentSchema, "The upload."),
    errors: ["conflict"],
  },
  "GET /api/v1/uploads/:id": {
    id: "getUpload",
    tag: "files",
    summary: "Download a file",
    description:
      "For its uploader, for who may read a message that shows it, and for everybody where it is its uploader's `avatar_url`.",
    success: file("The file."),
    others: PARTS,
    errors: ["upload_not_found"],
    fields: FIELDS,
  },
  "GET /api/v1/uploads/:id/thumbnail": {
    id: "getThumbnail",
    tag: "files",
    summary: "Download a picture's thumbnail",
    description: `WebP that fits into ${LIMITS.thumbnailPixelsMax} by ${LIMITS.thumbnailPixelsMax} pixels; of what moves, the first frame.`,
    success: file("The thumbnail."),
    others: PARTS,
    errors: ["upload_not_found"],
    fields: FIELDS,
  },
  "DELETE /api/v1/uploads/:id": {
    id: "deleteUpload",
    tag: "files",
    summary: "Remove a file of one's own",
    description: "As long as a message shows it, or the uploader's profile: `conflict`.",
    success: empty("It is gone."),
    errors: ["upload_not_found", "conflict"],
    fields: FIELDS,
  },
})
