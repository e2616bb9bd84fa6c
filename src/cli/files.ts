import { join } from "node:path"
import type { Config } from "../config"
import { createDiskStorage, createFiles, type Files, incomingFolder, type Storage } from "../files"

/** Where uploads are kept: in DATA_DIR, or in a bucket. */
export async function openFiles(
  config: Config,
  onTrouble: (error: unknown) => void,
): Promise<Files> {
  const folder = join(config.DATA_DIR, "uploads")
  const storage = await openStorage(config, folder, onTrouble)
  return createFiles({ folder: incomingFolder(folder), storage, onTrouble })
}

async function openStorage(
  config: Config,
  folder: string,
  onTrouble: (error: unknown) => void,
): Promise<Storage> {
  const { UPLOADS_S3_BUCKET: bucket } = config
  if (bucket === null) return createDiskStorage(folder)
  // Loaded where it is asked for.
  const { createS3Storage } = await import("../files/storage.s3")
  const settings = {
    endpoint: config.UPLOADS_S3_ENDPOINT,
    region: config.UPLOADS_S3_REGION,
    bucket,
    // Set where the bucket is: see `uploadProblems`.
    accessKeyId: config.UPLOADS_S3_ACCESS_KEY_ID ?? "",
    secretAccessKey: config.UPLOADS_S3_SECRET_ACCESS_KEY ?? "",
    prefix: config.UPLOADS_S3_PREFIX ?? "",
  }
  return createS3Storage(settings, onTrouble)
}
