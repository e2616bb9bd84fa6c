import "../theme.css"
import { render } from "preact"
import { language, startPreferences } from "../state/preferences"
import { speak, startSpeaking } from "../strings"
import { letGoOfOld } from "../ui/let-go"
import { PlaygroundView } from "./playground"
import { createPlayground } from "./playground-state"
import { createRest } from "./rest"

/** The page on which one tries the protocols. It lives as long as the page: nothing is stopped. */
async function main(): Promise<void> {
  const element = document.querySelector("#app")
  if (element === null) throw new Error("the page has no #app")
  letGoOfOld()
  startPreferences()
  const playground = createPlayground({
    origin: location.origin,
    rest: createRest(location.origin),
  })
  await speak(language.value)
  startSpeaking()
  render(<PlaygroundView playground={playground} />, element)
  await playground.lookForSession()
}

void main()
