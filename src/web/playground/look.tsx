import { LANGUAGES, language, THEMES, theme } from "../state/preferences"
import { t } from "../strings"
import { Select } from "../ui/input"

/** Theme and language, as in the chat: what is chosen here holds there, too. */
export function Look() {
  const { theme: themeLabel, themes, language: languageLabel, languages } = t().app
  return (
    <div class="look">
      <Select
        aria-label={themeLabel}
        value={theme.value}
        options={THEMES.map((value) => ({ value, label: themes[value] }))}
        onChange={(chosen) => {
          theme.value = chosen
        }}
      />
      <Select
        aria-label={languageLabel}
        value={language.value}
        options={LANGUAGES.map((value) => ({ value, label: languages[value] }))}
        onChange={(chosen) => {
          language.value = chosen
        }}
      />
    </div>
  )
}
