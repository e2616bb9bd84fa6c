/** What a pane knows by now, and fills forms with: all as it would be typed. */
export interface Known {
  /** The room that one works with. */
  readonly room: string
  /** The number of a conversation of two. */
  readonly conversation: string
  /** Of oneself: the public id, the number and the name. */
  readonly userId: string
  readonly userNumber: string
  readonly username: string
  /** The message that was heard last, and how far the room had come with it. */
  readonly message: string
  readonly seq: string
  readonly epoch: string
  /** What signs one in, for the frame that carries it. */
  readonly token: string
}

export interface CommandField {
  /** Where it stands in what is sent; a number is a place in a list: `rooms.0.room_id`. */
  readonly path: string
  /** `list`: texts with commas between. `json`: anything. */
  readonly kind: "text" | "number" | "choice" | "switch" | "list" | "json"
  readonly choices?: readonly string[]
  /** Left out of the frame where nothing is filled in. */
  readonly isOptional?: true
  /** What it begins with: something that is known, or always the same. */
  readonly known?: keyof Known
  readonly initial?: string
  readonly isSecret?: true
}

/** One thing that a client may send: a form makes it of its fields. */
export interface Command {
  /** As it stands on the wire: a type, or the name of an event. */
  readonly name: string
  /** Which one, where there are several forms of the same name. */
  readonly variant?: string
  readonly fields: readonly CommandField[]
  /** What is in it whatever is filled in. */
  readonly fixed?: Readonly<Record<string, unknown>>
}

/** Tells commands of a protocol apart. */
export const commandKey = ({ name, variant }: Command): string =>
  variant === undefined ? name : `${name} (${variant})`
