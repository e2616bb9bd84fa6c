/** A file of the web client as it is sent, packed in each way that makes it smaller. */
export interface WebFile {
  readonly type: string
  readonly bytes: Blob
  /** Null: it would be no smaller. */
  readonly gzip: Blob | null
  readonly brotli: Blob | null
  /** Of the content: another one for another content. */
  readonly hash: string
}

export const PAGES = ["home", "playground"] as const
export type PageName = (typeof PAGES)[number]

export interface WebFiles {
  readonly pages: Readonly<Record<PageName, WebFile>>
  readonly icon: WebFile
  /** What the pages load, by a name under which nothing else will ever be. */
  readonly assets: Readonly<Record<string, WebFile>>
}

/** The web client, for whom it is asked. */
export interface WebClient {
  page(name: PageName): Promise<WebFile>
  icon(): Promise<WebFile>
  /** Null: there is no such file. */
  asset(name: string): Promise<WebFile | null>
}
