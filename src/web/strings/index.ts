import { effect, signal } from "@preact/signals"
import { type Language, language } from "../state/preferences"
import { en } from "./en"

export type Strings = typeof en

/** English comes with the page; who speaks something else has it fetched once. */
const LOADERS: Readonly<Record<Language, () => Strings | Promise<Strings>>> = {
  en: () => en,
  de: async () => (await import("./de")).de,
}

const current = signal<Strings>(en)

/** All words in the reader's language: `t().rooms.create`. Whoever shows them is drawn again. */
export const t = (): Strings => current.value

/** Speaks the language that is asked for; resolves once it does. Where it can't be had: English. */
export async function speak(wanted: Language): Promise<void> {
  try {
    const strings = await LOADERS[wanted]()
    if (language.peek() === wanted) current.value = strings
  } catch (error) {
    console.error(error)
  }
}

/** Follows the preference, until the returned function is called. */
export function startSpeaking(): () => void {
  return effect(() => void speak(language.value))
}
