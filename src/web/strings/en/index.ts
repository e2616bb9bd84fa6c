import { admin } from "./admin"
import { app } from "./app"
import { composer } from "./composer"
import { errors, trouble } from "./errors"
import { messages } from "./messages"
import { notifications } from "./notifications"
import { palette } from "./palette"
import { playground } from "./playground"
import { room } from "./room"
import { rooms } from "./rooms"
import { search } from "./search"
import { settings } from "./settings"
import { signIn } from "./sign-in"
import { text } from "./text"

/** All words in English, by area. Other languages have the same shape. */
export const en = {
  admin,
  app,
  composer,
  errors,
  messages,
  notifications,
  palette,
  playground,
  room,
  rooms,
  search,
  settings,
  signIn,
  text,
  trouble,
}
