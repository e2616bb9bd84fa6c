import { RedisClient } from "bun"
import type { Subscriber } from "./following"

export interface PairOptions {
  readonly url: string
  /** What is subscribed to from the beginning to the end. */
  readonly channels: readonly string[]
  readonly heard: (text: string, channel: string) => void
  /** Once, and after it nothing is heard. Not called where `close` was. */
  readonly ended: (reason: unknown) => void
}

/** Two connections to Redis, from their opening until either of them fails. */
export interface RedisPair extends Subscriber {
  /** Rejects where Redis refuses, or is gone. */
  publish(channel: string, text: string): Promise<unknown>
  close(): void
}

const CONNECT_MS = 2_000

/**
 * The client's own reconnecting is off: it says nothing of a connection that has gone, forgets
 * what was subscribed to, and keeps commands for a Redis that may never answer. A connection that
 * failed is thrown away here with all that waited in it, and a new one begins with nothing.
 * Rejects where it cannot be opened.
 */
export async function openPair(options: PairOptions): Promise<RedisPair> {
  const { url, channels, heard, ended } = options
  const settings = {
    autoReconnect: false,
    enableOfflineQueue: false,
    connectionTimeout: CONNECT_MS,
  }
  const publisher = new RedisClient(url, settings)
  const subscriber = new RedisClient(url, settings)
  const clients = [publisher, subscriber]
  let isOver = false

  function close(): void {
    isOver = true
    for (const client of clients) client.close()
  }

  function end(reason: unknown): void {
    if (isOver) return
    close()
    ended(reason)
  }

  const listen = (text: string, channel: string) => {
    if (!isOver) heard(text, channel)
  }

  async function begin(): Promise<void> {
    await Promise.all(clients.map((client) => client.connect()))
    await subscribe(channels)
  }

  /**
   * The client says so when the first of several channels is confirmed, or even when one of an
   * earlier command is. The answer to a ping comes after all of them.
   */
  async function subscribe(names: readonly string[]): Promise<void> {
    await subscriber.subscribe([...names], listen)
    await subscriber.ping()
  }

  async function unsubscribe(names: readonly string[]): Promise<void> {
    await subscriber.unsubscribe([...names])
    await subscriber.ping()
  }

  try {
    await withinTime(begin())
  } catch (error) {
    close()
    throw error
  }
  for (const client of clients) client.onclose = end
  return {
    publish: (channel, text) => publisher.publish(channel, text),
    subscribe,
    unsubscribe,
    close,
  }
}

/** The client bounds how long it waits for a connection, and no more than that. */
async function withinTime(opening: Promise<void>): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error("it does not answer")), CONNECT_MS)
  try {
    await Promise.race([opening, late])
  } finally {
    clearTimeout(timer)
  }
}
