import "../theme.css"
import { render } from "preact"
import { startPreferences } from "../state/preferences"
import { startSpeaking, t } from "../strings"

const Playground = () => <h1>{t().playground.title}</h1>

const element = document.querySelector("#app")
if (element !== null) {
  startPreferences()
  startSpeaking()
  render(<Playground />, element)
}
