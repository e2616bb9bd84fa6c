import { useSignal } from "@preact/signals"
import { Apple, Clock, Flag, Hash, Lightbulb, PawPrint, Plane, Smile, Trophy, User } from "lucide"
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks"
import { keep, readKept } from "../state/kept"
import { language } from "../state/preferences"
import { t } from "../strings"
import { Icon } from "../ui/icon"
import { loadEmoji } from "./emoji-data"
import { EmojiGrid } from "./emoji-grid"
import { EMOJI_GROUPS, type Emoji, type EmojiGroup, type EmojiSet, findEmoji } from "./emoji-set"
import { createRecentEmoji } from "./recent-emoji"
import { SkinTones } from "./skin-tones"
import "./emoji-picker.css"

export interface EmojiPickerProps {
  readonly onPick: (emoji: string) => void
  readonly onClose: () => void
}

type Shown = EmojiGroup | "recent"

const ICONS = {
  recent: Clock,
  smileys: Smile,
  people: User,
  animals: PawPrint,
  food: Apple,
  travel: Plane,
  activities: Trophy,
  objects: Lightbulb,
  symbols: Hash,
  flags: Flag,
} as const

const foundMax = 72
const recentShownMax = 56
const recent = createRecentEmoji({ read: readKept, keep })

/** All emoji by groups, those used last first, with a search. Closing it is the caller's part. */
export function EmojiPicker({ onPick, onClose }: EmojiPickerProps) {
  const { set, isFailed, load } = useEmojiSet()
  const [query, setQuery] = useState("")
  const [shown, setShown] = useState<Shown>("recent")
  const [skin, setSkin] = useState(recent.skin)
  const hovered = useSignal<Emoji | null>(null)
  const picker = useRef<HTMLDivElement>(null)
  const search = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => {
    // Once the popover around it is shown: before, nothing in it can have the focus. And before the
    // next key, which is a part of a name.
    queueMicrotask(() => search.current?.focus({ preventScroll: true }))
  }, [])
  const emoji = useMemo(() => choose(set, query, shown), [set, query, shown])

  const pick = (chosen: string) => {
    recent.use(chosen)
    onPick(chosen)
  }
  const show = (it: Shown) => {
    setQuery("")
    setShown(it)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return
    event.stopPropagation()
    onClose()
  }
  const onSearchKey = (event: KeyboardEvent) => {
    const first = emoji[0]
    if (event.key === "Enter" && first !== undefined) {
      event.preventDefault()
      pick(withSkin(first, skin))
    }
    if (event.key === "ArrowDown") {
      event.preventDefault()
      picker.current?.querySelector<HTMLElement>("[role=gridcell] [tabindex='0']")?.focus()
    }
  }

  return (
    <div
      class="emoji-picker"
      ref={picker}
      {...group}
      aria-label={t().text.emoji}
      onKeyDown={onKeyDown}
    >
      <input
        class="emoji-picker-search"
        type="search"
        ref={search}
        value={query}
        placeholder={t().text.findEmoji}
        aria-label={t().text.findEmoji}
        onInput={(event) => setQuery(event.currentTarget.value)}
        onKeyDown={onSearchKey}
      />
      <GroupTabs shown={query === "" ? shown : null} onShow={show} />
      {isFailed ? (
        <p class="emoji-picker-note">
          {t().text.emojiFailed}{" "}
          <button type="button" onClick={load}>
            {t().app.retry}
          </button>
        </p>
      ) : (
        <EmojiGrid
          emoji={emoji}
          label={query === "" ? t().text.groups[shown] : t().text.found(emoji.length)}
          face={(it) => withSkin(it, skin)}
          onPick={(it) => pick(withSkin(it, skin))}
          onLook={(it) => {
            hovered.value = it
          }}
        />
      )}
      <div class="emoji-picker-foot">
        <EmojiName emoji={hovered.value} skin={skin} />
        <SkinTones
          skin={skin}
          onChoose={(it) => {
            recent.chooseSkin(it)
            setSkin(it)
          }}
        />
      </div>
    </div>
  )
}

const group = { role: "group" } as const

const withSkin = (emoji: Emoji, skin: number): string => emoji.skins[skin - 1] ?? emoji.emoji

function choose(set: EmojiSet | null, query: string, shown: Shown): readonly Emoji[] {
  if (set === null) return []
  if (query.trim() !== "") return findEmoji(set, query, foundMax)
  if (shown !== "recent") return set.all.filter((it) => it.group === shown)
  const last = lastUsed(set)
  // Few have been used so far: then there is room for what most look for.
  const used = new Set(last.map(({ emoji }) => emoji))
  const smileys = set.all.filter((it) => it.group === "smileys" && !used.has(it.emoji))
  return [...last, ...smileys].slice(0, recentShownMax)
}

function lastUsed(set: EmojiSet): readonly Emoji[] {
  return recent.recent().map((emoji) => {
    const known = set.all.find((it) => it.emoji === emoji || it.skins.includes(emoji))
    // As it was picked: the skin that is chosen now is another choice.
    if (known !== undefined) return { ...known, emoji, skins: [] }
    return { emoji, label: emoji, group: "symbols", names: [emoji], words: [], skins: [] }
  })
}

function useEmojiSet() {
  const [set, setSet] = useState<EmojiSet | null>(null)
  const [isFailed, setIsFailed] = useState(false)
  const load = () => {
    setIsFailed(false)
    void loadEmoji(language.value)
      .then(setSet)
      .catch(() => setIsFailed(true))
  }
  useEffect(load, [language.value])
  return { set, isFailed, load }
}

interface GroupTabsProps {
  readonly shown: Shown | null
  readonly onShow: (group: Shown) => void
}

function GroupTabs({ shown, onShow }: GroupTabsProps) {
  const all: readonly Shown[] = ["recent", ...EMOJI_GROUPS]
  return (
    <div class="emoji-picker-groups" {...group} aria-label={t().text.emojiGroups}>
      {all.map((it) => (
        <button
          key={it}
          type="button"
          aria-pressed={it === shown}
          aria-label={t().text.groups[it]}
          title={t().text.groups[it]}
          onClick={() => onShow(it)}
        >
          <Icon node={ICONS[it]} size={18} />
        </button>
      ))}
    </div>
  )
}

function EmojiName({ emoji, skin }: { readonly emoji: Emoji | null; readonly skin: number }) {
  if (emoji === null) return <span class="emoji-picker-name">{t().text.pickEmoji}</span>
  return (
    <span class="emoji-picker-name">
      <span aria-hidden="true">{withSkin(emoji, skin)}</span> :{emoji.names[0]}:
    </span>
  )
}
