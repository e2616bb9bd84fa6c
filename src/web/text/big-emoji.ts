/** So many, alone in a message, are shown large. */
const bigMax = 6

/** The longest emoji, families of flags aside, have some 15 code units. */
const unitsMax = bigMax * 20

const EMOJI = /^\p{RGI_Emoji}$/v

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" })

/** Whether a text is nothing but up to six emoji, with or without space between. */
export function isBigEmoji(text: string): boolean {
  if (text.length > unitsMax || /[\w@<>[\]]/.test(text.replace(/[0-9*#]\uFE0F?\u20E3/g, ""))) {
    return false
  }
  let count = 0
  for (const { segment } of graphemes.segment(text)) {
    if (segment.trim() === "") continue
    if (!EMOJI.test(segment) && !EMOJI.test(`${segment}\uFE0F`)) return false
    count++
  }
  return count > 0 && count <= bigMax
}
