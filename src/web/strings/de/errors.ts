import type { errors as errorsEn, trouble as troubleEn } from "../en/errors"

export const errors = {
  invalid_request: "Damit konnte der Server nichts anfangen.",
  unauthorized: "Bitte melde dich noch einmal an.",
  forbidden: "Das darfst du nicht.",
  banned: "Du bist aus diesem Raum verbannt.",
  muted: "Du bist in diesem Raum gerade stummgeschaltet.",
  not_found: "Hier ist nichts (mehr).",
  room_not_found: "Diesen Raum gibt es nicht, oder er ist nicht für dich offen.",
  message_not_found: "Diese Nachricht gibt es nicht mehr.",
  user_not_found: "So jemanden gibt es hier nicht.",
  invite_not_found: "Diese Einladung ist unbekannt, aufgebraucht oder abgelaufen.",
  upload_not_found: "Diese Datei gibt es nicht mehr.",
  method_not_allowed: "Das kann der Server nicht.",
  conflict: "Das ist vergeben oder schon so.",
  room_full: "Der Raum ist gerade voll. Versuch es später noch einmal.",
  room_limit: "Dir gehören schon so viele Räume, wie dir gehören dürfen.",
  payload_too_large: "Das ist zu groß.",
  rate_limited: "Das war etwas viel auf einmal. Versuch es gleich noch einmal.",
  internal: "Auf dem Server ging etwas schief. Versuch es noch einmal.",
  overloaded: "Der Server hat gerade sehr viel zu tun. Versuch es gleich noch einmal.",
  offline: "Der Server ist nicht zu erreichen. Bist du online?",
  too_new: "Der Server ist neuer als diese Seite. Bitte lade sie neu.",
} satisfies typeof errorsEn

export const trouble = {
  unknown: "Da ging etwas schief.",
  retryIn: (seconds: number) =>
    seconds === 1
      ? "Versuch es in einer Sekunde noch einmal."
      : `Versuch es in ${seconds} Sekunden noch einmal.`,
} satisfies typeof troubleEn
