import type { app as en } from "../en/app"

export const app = {
  loading: "Lädt …",
  close: "Schließen",
  cancel: "Abbrechen",
  save: "Speichern",
  back: "Zurück",
  retry: "Noch einmal versuchen",
  reload: "Neu laden",
  copy: "Kopieren",
  copied: "Kopiert",
  dismiss: "Ausblenden",
  more: "Mehr",
  skipToContent: "Zum Inhalt springen",
  notifications: "Meldungen der App",
  broken: "Da ist etwas kaputtgegangen",
  brokenHelp:
    "Dieser Teil der Seite funktioniert gerade nicht. Neu laden hilft meistens; was du gesendet hast, geht nicht verloren.",
  partNotLoaded: "Dieser Teil konnte nicht geladen werden. Bist du online?",
  presence: { online: "Online", away: "Abwesend", dnd: "Bitte nicht stören", offline: "Offline" },
  theme: "Farben",
  themes: { system: "Wie das System", light: "Hell", dark: "Dunkel" },
  language: "Sprache",
  languages: { en: "English", de: "Deutsch" },
} satisfies typeof en
