import { type ReadonlySignal, signal } from "@preact/signals"
import type { Api, SendOptions } from "../../client/api"
import type { ApiScheduledMessage } from "../../protocol/answers"
import { createOfClient } from "./of-client"

export interface Scheduled {
  /** By when they are sent; of all rooms. */
  readonly messages: ReadonlySignal<readonly ApiScheduledMessage[]>
  create(roomId: string, message: SendOptions & { readonly send_at: string }): Promise<void>
  change(
    id: string,
    change: { readonly content?: string; readonly send_at?: string },
  ): Promise<void>
  remove(id: string): Promise<void>
  /** Asks the server again. */
  refresh(): Promise<void>
}

/** The server keeps 100 of one user. */
const pageSize = 100

/** A message leaves the list so long after it was due, so that the server has sent it by then. */
const afterDueMs = 2_000

/** Timers hold no more than some 24 days; a list older than a day is asked for again. */
const timerMsMax = 86_400_000

export function createScheduled(api: Api["scheduled"], now: () => number): Scheduled {
  const messages = signal<readonly ApiScheduledMessage[]>([])
  let timer: ReturnType<typeof setTimeout> | undefined

  const show = (all: readonly ApiScheduledMessage[]) => {
    messages.value = [...all].sort((one, other) => one.send_at.localeCompare(other.send_at))
    clearTimeout(timer)
    const next = messages.value.find((it) => it.failed === null)
    if (next === undefined) return
    const ms = Math.max(0, Date.parse(next.send_at) - now()) + afterDueMs
    timer = setTimeout(() => void refresh().catch(() => undefined), Math.min(ms, timerMsMax))
  }
  const refresh = async () => show((await api.list({ limit: pageSize })).items)
  const put = (message: ApiScheduledMessage) =>
    show([...messages.value.filter((it) => it.id !== message.id), message])

  return {
    messages,
    refresh,
    create: async (roomId, message) => put(await api.create(roomId, message)),
    change: async (id, change) => put(await api.update(id, change)),
    async remove(id) {
      await api.remove(id)
      show(messages.value.filter((it) => it.id !== id))
    },
  }
}

/** Of the account; asked for once somebody may write. */
export const scheduledOf = createOfClient((client) => {
  const scheduled = createScheduled(client.api.scheduled, Date.now)
  void scheduled.refresh().catch(() => undefined)
  return scheduled
})
