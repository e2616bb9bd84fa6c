import { asRoomNumericId } from "../../../src/protocol/ids"
import { messageNumericId } from "../../../src/protocol/message-id"
import { changeRows, readRows } from "../../support/rows"

const ROWS_AT_ONCE = 5_000

interface Filling {
  /** Of a server that does not run meanwhile. */
  readonly path: string
  readonly roomId: string
  readonly authors: readonly string[]
  /** Up to this seq. */
  readonly until: number
  /** Epoch milliseconds of the first; each is ten seconds after the one before. */
  readonly startedAt: number
}

/** As many messages as if they had been sent: sending them takes longer than a test may. */
export function fillRoom({ path, roomId, authors, until, startedAt }: Filling): void {
  const room = numberIn(path, `select numeric_id, head from rooms where id = '${roomId}'`)
  const people = authors.map(
    (name) =>
      numberIn(path, `select numeric_id, 0 as head from users where username = '${name}'`).id,
  )
  const rows: string[] = []
  for (let seq = room.head + 1; seq <= until; seq++) {
    const id = messageNumericId(asRoomNumericId(room.id), seq)
    const author = people[Math.floor(seq / 3) % people.length] ?? 0
    rows.push(
      `(${id}, ${room.id}, ${seq}, ${seq}, ${author}, 'text', '${contentOf(seq)}', ${startedAt + seq * 10_000})`,
    )
  }
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    changeRows(
      path,
      `insert into messages (numeric_id, room_numeric_id, seq, changed_seq, user_numeric_id, type, content, created_at) values ${rows.slice(at, at + ROWS_AT_ONCE).join(",")}`,
    )
  }
  changeRows(path, `update rooms set head = ${until} where id = '${roomId}'`)
}

/** Of one to eight lines: rows are of many heights. */
const contentOf = (seq: number): string =>
  `number ${seq}. ${"Words that fill a line of it. ".repeat((seq * 7) % 23)}`.trim()

function numberIn(path: string, query: string): { readonly id: number; readonly head: number } {
  const [row] = readRows(path, query)
  return { id: Number(row?.numeric_id), head: Number(row?.head) }
}
