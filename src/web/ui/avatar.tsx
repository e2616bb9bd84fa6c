import { useState } from "preact/hooks"
import type { ApiProfile } from "../../protocol/answers"
import type { PresenceStatus } from "../../protocol/entities"
import { personName } from "../state/names"
import { t } from "../strings"
import { initialsOf, isOfOurOrigin, tintOf } from "./face"
import "./avatar.css"

export interface AvatarProps {
  readonly profile: Pick<ApiProfile, "id" | "username" | "display_name" | "avatar_url">
  /** Pixels. */
  readonly size?: number
  /** Shown as a dot, with a name for those who hear it. */
  readonly presence?: PresenceStatus | undefined
}

/**
 * Somebody's picture, if it is on this server, else initials on a colour of theirs. Pictures from
 * elsewhere are not asked for: that would tell others who reads what. The name stands beside it.
 */
export function Avatar({ profile, size = 36, presence }: AvatarProps) {
  const [failedUrl, setFailedUrl] = useState<string | null>(null)
  const url = profile.avatar_url
  const hasPicture = url !== null && url !== failedUrl && isOfOurOrigin(url)
  const box = { width: `${size}px`, height: `${size}px`, fontSize: `${Math.round(size * 0.4)}px` }
  return (
    <span class="avatar" style={box}>
      {hasPicture ? (
        <img
          class="avatar-face"
          src={url}
          alt=""
          loading="lazy"
          onError={() => setFailedUrl(url)}
        />
      ) : (
        <span class={`avatar-face avatar-${tintOf(profile.id)}`} aria-hidden="true">
          {initialsOf(personName(profile))}
        </span>
      )}
      {presence !== undefined && (
        <span class={`presence presence-${presence}`} title={t().app.presence[presence]}>
          <span class="visually-hidden">{t().app.presence[presence]}</span>
        </span>
      )}
    </span>
  )
}
