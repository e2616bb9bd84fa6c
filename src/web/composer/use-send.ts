import { useState } from "preact/hooks"
import type { Draft, RoomHandle } from "../../client/client"
import type { ApiMessage } from "../../protocol/answers"
import { useClient } from "../state/client"
import { navigate, pathTo } from "../state/route"
import { showToast } from "../state/toasts"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { CommandError, readCommand, runCommand, withoutEscape } from "./commands"
import { type Place, stopComposing } from "./compose-state"
import { scheduledOf } from "./scheduled"
import { sayShort } from "./send-buttons"
import type { UploadQueue } from "./upload-queue"
import type { Callables } from "./use-callables"

interface SendDeps {
  readonly room: RoomHandle
  readonly place: Place
  readonly queue: UploadQueue
  readonly callables: Pick<Callables, "people">
  readonly replyTo: ApiMessage | null
  readonly edited: ApiMessage | null
  /** What was written has gone. */
  readonly onDone: () => void
}

export interface Sending {
  /** What went wrong, in words; null: nothing. */
  readonly trouble: string | null
  readonly isBusy: boolean
  forget(): void
  tell(trouble: string): void
  /** Sends it, saves the edit, or carries out the command. */
  send(text: string): Promise<void>
  sendAt(text: string, at: Date): Promise<void>
}

/** What happens to what was written. What fails is said, and stays to be tried again. */
export function useSend(deps: SendDeps): Sending {
  const client = useClient()
  const [trouble, setTrouble] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)

  const attempt = async (task: () => Promise<void> | void) => {
    setTrouble(null)
    setBusy(true)
    try {
      await task()
    } catch (error) {
      setTrouble(error instanceof CommandError ? wordsForCommand(error) : wordsFor(error))
    } finally {
      setBusy(false)
    }
  }
  const say = (content: string) => {
    const blocker = fileTrouble(deps.queue)
    if (blocker !== null) return setTrouble(blocker)
    if (content === "" && deps.queue.uploads.value.length === 0) return
    deps.room.send(draftOf(deps, content))
    finish(deps)
  }
  const sendNow = async (text: string) => {
    const content = text.trim()
    if (deps.edited !== null) {
      if (content === "") return
      if (content !== deps.edited.content) {
        await client.api.messages.edit(deps.edited.id, { content })
      }
      return finish(deps)
    }
    const command = readCommand(content)
    if (command === null) return say(withoutEscape(content))
    const { room, callables } = deps
    const people = callables.people()
    const context = { client, roomId: room.id, view: room.view.value, people }
    const outcome = await runCommand(context, command)
    if (outcome.type === "say") return say(outcome.content)
    if (outcome.type === "open") {
      navigate(outcome.roomId === null ? pathTo.home() : pathTo.room(outcome.roomId))
    } else {
      showToast(t().composer.commandDone(command.name))
    }
    finish(deps)
  }
  const sendLater = async (text: string, at: Date) => {
    const blocker = fileTrouble(deps.queue)
    if (blocker !== null) return setTrouble(blocker)
    const { content, replyTo, threadId, attachments = [] } = draftOf(deps, text.trim())
    await scheduledOf(client).create(deps.room.id, {
      content,
      reply_to: replyTo ?? null,
      thread_id: threadId ?? null,
      attachment_ids: attachments.map(({ id }) => id),
      send_at: at.toISOString(),
    })
    showToast(t().composer.later.scheduled(sayShort(at)))
    finish(deps)
  }
  return {
    trouble,
    isBusy,
    forget: () => setTrouble(null),
    tell: setTrouble,
    send: (text) => attempt(() => sendNow(text)),
    sendAt: (text, at) => attempt(() => sendLater(text, at)),
  }
}

function finish({ place, queue, edited, onDone }: SendDeps): void {
  stopComposing(place)
  if (edited === null) queue.clear()
  onDone()
}

function draftOf({ replyTo, place, queue }: SendDeps, content: string): Draft {
  const attachments = queue.uploads.value.flatMap(({ state }) =>
    state.type === "done" ? [state.uploaded] : [],
  )
  return {
    content,
    replyTo: replyTo?.id ?? null,
    threadId: place.threadId ?? null,
    ...(attachments.length === 0 ? {} : { attachments }),
  }
}

/** Nobody wants to find out later that a file is missing. */
function fileTrouble({ uploads }: UploadQueue): string | null {
  const words = t().composer.file
  if (uploads.value.some(({ state }) => state.type === "failed")) return words.removeFailed
  const isReady = uploads.value.every(({ state }) => state.type === "done")
  return isReady ? null : words.waitForAll
}

function wordsForCommand({ problem }: CommandError): string {
  const words = t().composer
  switch (problem.type) {
    case "unknown":
      return words.unknownCommand(problem.name)
    case "argument":
      return words.usage(words.commands[problem.name].usage)
    case "nobody":
      return words.nobody(problem.name)
  }
}
