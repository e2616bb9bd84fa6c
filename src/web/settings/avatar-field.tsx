import { ImageUp, Trash2 } from "lucide"
import { useRef, useState } from "preact/hooks"
import type { Me } from "../../client/client"
import { useClient } from "../state/client"
import { t } from "../strings"
import { wordsFor } from "../strings/words-for"
import { Avatar } from "../ui/avatar"
import { Button } from "../ui/button"
import { Icon } from "../ui/icon"
import { useFileDrop } from "../ui/use-file-drop"

/** What browsers show; others are refused before they are sent. */
const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"]
/** Larger ones help nobody in a square of a few pixels. */
const BYTES_MAX = 5_000_000

/** One's picture: chosen or dropped here, on the server at once. */
export function AvatarField({ me }: { readonly me: Me }) {
  const client = useClient()
  const area = useRef<HTMLElement>(null)
  const picker = useRef<HTMLInputElement>(null)
  const [progress, setProgress] = useState<number | null>(null)
  const [trouble, setTrouble] = useState<string | null>(null)
  const over = useFileDrop(area, {
    onFiles([file]) {
      if (file !== undefined) take(file)
    },
  })
  const { settings: words } = t()
  const isBusy = progress !== null

  async function change(task: () => Promise<string | null>): Promise<void> {
    setTrouble(null)
    setProgress(0)
    try {
      // Others may see an upload because it is somebody's picture: by this very address.
      await client.api.users.updateMe({ avatar_url: await task() })
    } catch (error) {
      setTrouble(wordsFor(error))
    } finally {
      setProgress(null)
    }
  }

  function take(file: File): void {
    if (isBusy) return
    if (!PICTURES.includes(file.type)) {
      setTrouble(words.avatarNoPicture)
      return
    }
    if (file.size > BYTES_MAX) {
      setTrouble(words.avatarTooLarge(BYTES_MAX / 1_000_000))
      return
    }
    void change(async () => {
      const { url } = await client.api.uploads.create(file, { onProgress: setProgress })
      return url
    })
  }

  return (
    <section
      ref={area}
      class={over !== null ? "avatar-field avatar-field-over" : "avatar-field"}
      aria-label={words.avatar}
    >
      <Avatar profile={me} size={72} />
      <div class="avatar-field-words">
        <p class="field-hint">{words.avatarHint}</p>
        <div class="settings-buttons">
          <Button isBusy={isBusy} onClick={() => picker.current?.click()}>
            <Icon node={ImageUp} />
            {words.avatarChoose}
          </Button>
          {me.avatar_url !== null && (
            <Button kind="quiet" disabled={isBusy} onClick={() => void change(async () => null)}>
              <Icon node={Trash2} />
              {words.avatarRemove}
            </Button>
          )}
        </div>
        <input
          ref={picker}
          type="file"
          hidden
          accept={PICTURES.join(",")}
          aria-label={words.avatarChoose}
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0]
            // The same file may be chosen again after it failed.
            currentTarget.value = ""
            if (file !== undefined) take(file)
          }}
        />
        {isBusy && (
          <p class="field-hint" role="status">
            {words.avatarUploading(Math.round(progress * 100))}
          </p>
        )}
        {trouble !== null && (
          <p class="field-error" role="alert">
            {trouble}
          </p>
        )}
      </div>
    </section>
  )
}
