import type { messages as en } from "../en/messages"

export const messages = {
  title: "Nachrichten",
  listOf: (room: string) => `Nachrichten in ${room}`,
  thread: "Thread",
  beginning: (room: string) => `Hier beginnt ${room}.`,
  beginningOfConversation: "Hier beginnt eure Unterhaltung.",
  nobodyWrote: "Noch hat niemand etwas geschrieben. Sag hallo!",
  loadingOlder: "Ältere Nachrichten werden geladen …",
  loadingNewer: "Neuere Nachrichten werden geladen …",
  notLoaded: "Diese Nachrichten konnten nicht geladen werden.",
  newLine: "Neu",
  newMessages: (count: number) => (count === 1 ? "1 neue Nachricht" : `${count} neue Nachrichten`),
  toLatest: "Zu den neuesten Nachrichten springen",
  toFirstNew: (count: number) =>
    `${count === 1 ? "1 neue Nachricht" : `${count} neue Nachrichten`} weiter oben`,
  cameIn: (name: string, text: string) => `${name}: ${text}`,
  cameInMany: (count: number) => `${count} neue Nachrichten`,
  attachmentOnly: (name: string) => `Datei: ${name}`,
  from: (name: string, time: string) => `${name}, ${time}`,
  profileOf: (name: string) => `Wer ist ${name}?`,

  edited: "bearbeitet",
  editedAt: (time: string) => `Bearbeitet ${time}. Frühere Fassungen anzeigen`,
  history: "Frühere Fassungen",
  historyEmpty: "Es sind keine früheren Fassungen aufbewahrt.",
  now: "Jetzt",
  deleted: "Diese Nachricht wurde gelöscht.",
  pinned: "Angeheftet",
  forwarded: "Weitergeleitet",
  expires: (time: string) => `Verschwindet ${time}`,
  replyTo: (name: string) => `Antwort auf ${name}: zu dieser Nachricht springen`,
  replyGone: "Die Nachricht, auf die das antwortet, gibt es nicht mehr.",
  replyLoading: "Wird geladen …",

  sending: "Wird gesendet …",
  waiting: "Wartet auf die Verbindung …",
  failed: "Nicht gesendet.",
  retry: "Noch einmal senden",
  discard: "Verwerfen",

  actions: "Was du mit dieser Nachricht tun kannst",
  moreActions: "Mehr",
  react: "Reagieren",
  reactWith: (emoji: string) => `Mit ${emoji} reagieren`,
  reactOther: "Mit einem anderen Emoji reagieren",
  reply: "Antworten",
  replyInThread: "Im Thread antworten",
  edit: "Bearbeiten",
  delete: "Löschen",
  deleteTitle: "Diese Nachricht löschen?",
  deleteText: "Sie verschwindet für alle und lässt sich nicht zurückholen.",
  pin: "Anheften",
  unpin: "Lösen",
  forward: "Weiterleiten",
  forwardTitle: "Weiterleiten an …",
  forwardSearch: "Raum oder Person suchen",
  forwardNone: "Kein Raum mit diesem Namen.",
  forwardedTo: (room: string) => `Weitergeleitet an ${room}`,
  copyText: "Text kopieren",
  copyLink: "Link kopieren",
  copied: "Kopiert",
  notCopied: "Der Browser hat das Kopieren nicht erlaubt.",
  markUnread: "Ab hier als neu zeigen",
  markedUnread: "Die Linie bleibt hier, bis du diesen Raum verlässt.",
  seenByTitle: "Gesehen von",
  seenByNobody: "Noch niemand sonst.",

  reactionBy: (emoji: string, count: number, names: string) =>
    `${emoji} ${count}: ${names}. Drücken, um deine zu setzen oder zurückzunehmen`,
  you: "dir",
  andOthers: (names: string, others: number) =>
    others === 0
      ? names
      : `${names} und ${others === 1 ? "1 anderen Person" : `${others} anderen`}`,
  listed: (names: readonly string[]) => {
    const last = names.at(-1) ?? ""
    return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} und ${last}`
  },

  answers: (count: number) => (count === 1 ? "1 Antwort" : `${count} Antworten`),
  openThread: (count: number) =>
    `${count === 1 ? "1 Antwort" : `${count} Antworten`}: Thread öffnen`,
  threadEmpty: "Noch keine Antworten.",
  threadGone: "Diesen Thread gibt es nicht mehr.",

  seenBy: (names: string) => `Gesehen von ${names}`,
  seen: "Gesehen",

  image: (name: string) => `Bild: ${name}. Groß anzeigen`,
  imageLarge: (name: string) => `Bild: ${name}`,
  imageBroken: (name: string) => `Das Bild ${name} konnte nicht geladen werden.`,
  video: (name: string) => `Video: ${name}`,
  audio: (name: string) => `Ton: ${name}`,
  download: (name: string) => `${name} herunterladen`,
  previousImage: "Voriges Bild",
  nextImage: "Nächstes Bild",
  zoomIn: "Vergrößern",
  zoomOut: "Verkleinern",
  imageCount: (at: number, of: number) => `${at} von ${of}`,
  linkPreview: (title: string) => `Verlinkte Seite: ${title}`,
} satisfies typeof en
