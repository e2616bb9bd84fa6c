/** How somebody wants it to look on this machine. Kept in the browser, not in the account. */
import { computed, effect, signal } from "@preact/signals"
import { keep, readKept } from "./kept"

export const THEMES = ["system", "light", "dark"] as const
export type Theme = (typeof THEMES)[number]
export const LANGUAGES = ["en", "de"] as const
export type Language = (typeof LANGUAGES)[number]
export const DENSITIES = ["comfortable", "compact"] as const
export type Density = (typeof DENSITIES)[number]

export const theme = signal<Theme>("system")
export const language = signal<Language>("en")
/** How the reader writes dates and numbers: of that language, as the browser knows it. */
export const locale = computed(
  () => navigator.languages.find((it) => it.startsWith(language.value)) ?? language.value,
)
export const density = signal<Density>("comfortable")
export const notificationsOn = signal(false)
/** Rooms of which no notification is shown. */
export const mutedRooms = signal<ReadonlySet<string>>(new Set())

/** Takes up what was kept, and keeps what is changed, until the returned function is called. */
export function startPreferences(): () => void {
  theme.value = oneOf(THEMES, readKept("theme")) ?? "system"
  language.value = oneOf(LANGUAGES, readKept("language")) ?? languageOfBrowser()
  density.value = oneOf(DENSITIES, readKept("density")) ?? "comfortable"
  notificationsOn.value = readKept("notifications") === "on"
  mutedRooms.value = new Set((readKept("mutedRooms") ?? "").split(" ").filter((it) => it !== ""))

  const dark = matchMedia("(prefers-color-scheme: dark)")
  const showTheme = () => {
    const isDark = theme.value === "dark" || (theme.value === "system" && dark.matches)
    document.documentElement.dataset.theme = isDark ? "dark" : "light"
  }
  dark.addEventListener("change", showTheme)
  const stops = [
    effect(() => keep("theme", theme.value)),
    effect(() => keep("language", language.value)),
    effect(() => keep("density", density.value)),
    effect(() => keep("notifications", notificationsOn.value ? "on" : "off")),
    effect(() => keep("mutedRooms", [...mutedRooms.value].join(" "))),
    effect(showTheme),
    effect(() => {
      document.documentElement.lang = language.value
      document.documentElement.dataset.density = density.value
    }),
    () => dark.removeEventListener("change", showTheme),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

function oneOf<T extends string>(all: readonly T[], kept: string | null): T | undefined {
  return all.find((it) => it === kept)
}

/** The first of the reader's languages that we speak. */
function languageOfBrowser(): Language {
  for (const wanted of navigator.languages) {
    const spoken = oneOf(LANGUAGES, wanted.slice(0, 2).toLowerCase())
    if (spoken !== undefined) return spoken
  }
  return "en"
}
