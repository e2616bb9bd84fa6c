/** SHA-256 of what it names, in hex. */
export type ContentHash = string

/** From one byte to another, both with it. */
export interface ByteRange {
  readonly first: number
  readonly last: number
}

/** As an answer's body takes it: nothing of it need be in memory. */
export type Content = Blob | ReadableStream<Uint8Array>

/**
 * Where what was handed in is kept, under its hash: the same content once, whoever has it. It
 * knows nothing of users and messages; what may be removed is decided by the database.
 */
export interface Storage {
  /** Puts a file there, unless it is there already. Durable when it resolves. */
  put(hash: ContentHash, path: string): Promise<void>
  /** A part of what is there; `size` is that of the whole. Errors: it is not there. */
  read(hash: ContentHash, size: number, range?: ByteRange): Promise<Content>
  has(hash: ContentHash): Promise<boolean>
  /** In bytes. Errors: it is not there. */
  sizeOf(hash: ContentHash): Promise<number>
  /** Nothing happens where there is nothing. */
  remove(hash: ContentHash): Promise<void>
}
