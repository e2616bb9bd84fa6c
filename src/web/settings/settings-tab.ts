export const SETTINGS_TABS = [
  "profile",
  "appearance",
  "notifications",
  "security",
  "keys",
  "blocked",
  "account",
  "about",
] as const
export type SettingsTab = (typeof SETTINGS_TABS)[number]

/** What an address means; anything unknown is the first. */
export const settingsTab = (name: string): SettingsTab =>
  SETTINGS_TABS.find((it) => it === name) ?? "profile"
