import { LANGUAGES, language, THEMES, theme } from "../state/preferences"
import { t } from "../strings"
import { Select } from "./input"
import "./look-switches.css"

/** Language and colours, for those who have no settings yet. */
export function LookSwitches() {
  const { app } = t()
  return (
    <div class="look-switches">
      <Select
        aria-label={app.language}
        value={language.value}
        options={LANGUAGES.map((value) => ({ value, label: app.languages[value] }))}
        onChange={(value) => {
          language.value = value
        }}
      />
      <Select
        aria-label={app.theme}
        value={theme.value}
        options={THEMES.map((value) => ({ value, label: app.themes[value] }))}
        onChange={(value) => {
          theme.value = value
        }}
      />
    </div>
  )
}
