import { t } from "../strings"

const HANDS = ["✋", "✋🏻", "✋🏼", "✋🏽", "✋🏾", "✋🏿"] as const

interface SkinTonesProps {
  /** 0: yellow; 1 to 5: light to dark. */
  readonly skin: number
  readonly onChoose: (skin: number) => void
}

/** In which skin people and hands are shown. */
export function SkinTones({ skin, onChoose }: SkinTonesProps) {
  return (
    <fieldset class="skin-tones">
      <legend class="skin-tones-legend">{t().text.skin}</legend>
      {HANDS.map((hand, tone) => (
        <label key={hand} title={t().text.skins[tone]}>
          <input
            type="radio"
            name="skin"
            checked={tone === skin}
            aria-label={t().text.skins[tone]}
            onChange={() => onChoose(tone)}
          />
          <span aria-hidden="true">{hand}</span>
        </label>
      ))}
    </fieldset>
  )
}
