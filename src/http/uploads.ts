import { Elysia } from "elysia"
import { z } from "zod"
import { asAttachment } from "../core/attachments"
import type { Uploads } from "../core/uploads"
import { asUploadId } from "../protocol/ids"
import { presentAttachment } from "../protocol/present"
import type { Authentication } from "./authenticate"
import { fileAnswer } from "./file-answer"
import { readFormFile } from "./multipart"

export interface UploadsRoutesDeps {
  readonly authentication: Authentication
  readonly uploads: Uploads
}

const UploadParams = z.object({ id: z.string() })

export function uploadsRoutes({ authentication, uploads }: UploadsRoutesDeps) {
  return new Elysia({ prefix: "/uploads" })
    .use(authentication)
    .post("/", async ({ actor, request }) =>
      presentAttachment(asAttachment(await uploads.upload(actor, () => readFormFile(request)))),
    )
    .get(
      "/:id",
      async ({ actor, params, request }) =>
        fileAnswer(request, await uploads.openFile(actor, asUploadId(params.id))),
      { params: UploadParams },
    )
    .get(
      "/:id/thumbnail",
      async ({ actor, params, request }) =>
        fileAnswer(request, await uploads.openThumbnail(actor, asUploadId(params.id))),
      { params: UploadParams },
    )
    .delete(
      "/:id",
      async ({ actor, params, set }) => {
        await uploads.remove(actor, asUploadId(params.id))
        set.status = 204
      },
      { params: UploadParams },
    )
}
