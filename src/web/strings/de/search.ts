import type { search as en } from "../en/search"

export const search = {
  title: "Suche",
  box: "Nachrichten suchen",
  placeholder: "Wörter, oder von:ann hat:datei",
  filters: "Filter",
  closeFilters: "Fertig",
  from: "Von",
  fromHint: "Ein Benutzername, oder ich",
  in: "In",
  anyRoom: "Alle Räume",
  hasFile: "Mit Datei",
  on: "Am",
  before: "Vor",
  after: "Nach",
  inThisRoom: "Nur dieser Raum",
  chip: {
    from: (value) => `Von ${value}`,
    in: (value) => `In ${value}`,
    has: (_value) => "Mit Datei",
    on: (value) => `Am ${value}`,
    before: (value) => `Vor ${value}`,
    after: (value) => `Nach ${value}`,
  },
  remove: (filter) => `Filter entfernen: ${filter}`,
  recent: "Letzte Suchen",
  forget: (text) => `Die Suche ${text} vergessen`,
  idle: "Finde jede Nachricht",
  idleText: "In allen Räumen, die du lesen darfst. Filter sind auch Wörter:",
  examples: ["von:ann Release", "in:allgemein hat:datei Bericht", 'vor:2026-01-01 "genaue Wörter"'],
  none: "Nichts gefunden",
  noneText: "Versuch weniger oder andere Wörter, oder nimm einen Filter weg.",
  found: (count, isAll) =>
    isAll
      ? count === 1
        ? "1 Nachricht"
        : `${count} Nachrichten`
      : `${count} Nachrichten und mehr`,
  loading: "Sucht …",
  unknownRoom: "Ein Raum",
  jump: (name, room) => `Nachricht von ${name} in ${room}`,
  problems: {
    no_words: () => "Schreib ein Wort dazu: Filter allein finden nichts.",
    unknown_room: (value) => `Du bist in keinem Raum namens „${value}“.`,
    bad_day: (value) => `„${value}“ ist kein Tag. Schreib ihn wie 2026-01-31.`,
    bad_has: (value) => `„hat:${value}“ gibt es nicht, nur hat:datei.`,
    unknown_person: (value) => `Niemand heißt „${value}“.`,
  },
} satisfies typeof en
