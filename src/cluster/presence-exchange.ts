import type { Link, NodeId } from "./link"
import { type Change, type PresenceWord, presenceWord } from "./presence-words"

export interface ExchangeDeps {
  readonly link: Link
  /** All that this node has to tell. */
  readonly everything: () => readonly Change[]
  readonly apply: (node: NodeId, changes: readonly Change[]) => void
  /** How it is on the node, whatever was heard of it before. */
  readonly replace: (node: NodeId, changes: readonly Change[]) => void
  /** All that the node has to tell has been heard, whether or not there was anything new. */
  readonly onAnswer: (node: NodeId, changes: readonly Change[]) => void
  /** Whether some of its people have been told gone while it was lost. */
  readonly wasToldGone: (node: NodeId) => boolean
  /** Others have told everybody that this node's people are gone. */
  readonly onTakenForLost: () => void
}

const TOPIC = "presence"

/** So many changes make one word at the most: about 100 KiB. */
const CHANGES_PER_WORD = 500

/** Changes that wait for a node's whole answer; beyond it, it is asked again. */
const WAITING_MAX = 50_000

/** Who does not answer is asked again so often, for as long as it lives. */
const ASK_AGAIN_MS = 2_000

interface Asked {
  readonly token: number
  readonly timer: Timer
  parts: { next: number; readonly changes: Change[] } | null
  /** Told after a gap, while the answer is on its way: applied after it. */
  readonly waiting: Extract<PresenceWord, { type: "changes" }>[]
  waitingCount: number
}

interface Heard {
  /** The number of the changes that come next: all before them are known. */
  next: number
  /** False: it may have told more than nothing before it was first heard. */
  isWhole: boolean
  asked: Asked | null
}

/**
 * Keeps each node's copy of what the others have to tell whole. Changes are numbered; after a gap,
 * and when a node comes, it is asked for everything, and says so in parts with turns between.
 */
export function createExchange(deps: ExchangeDeps) {
  const { link, everything, apply, replace } = deps
  const heard = new Map<NodeId, Heard>()
  let toldNumber = 0
  let pending: Change[] = []
  let tokens = 0
  let isClosed = false

  /** Tells the others at the end of this turn, in the order of telling. */
  function push(change: Change): void {
    if (isClosed) return
    if (pending.push(change) === 1) setImmediate(flush)
    if (pending.length >= CHANGES_PER_WORD) flush()
  }

  function flush(): void {
    if (pending.length === 0) return
    const changes = pending
    pending = []
    tell({ type: "changes", number: ++toldNumber, changes })
  }

  const tell = (word: PresenceWord) => link.tell(TOPIC, word)

  function stateOf(node: NodeId): Heard {
    let state = heard.get(node)
    if (state === undefined) {
      state = { next: 1, isWhole: false, asked: null }
      heard.set(node, state)
    }
    return state
  }

  function ask(node: NodeId, { isAnswer = false, waiting = [] as Asked["waiting"] } = {}): void {
    if (isClosed) return
    const state = stateOf(node)
    if (state.asked !== null) clearTimeout(state.asked.timer)
    const token = ++tokens
    const timer = setTimeout(() => ask(node), ASK_AGAIN_MS)
    timer.unref()
    const waitingCount = waiting.reduce((sum, { changes }) => sum + changes.length, 0)
    state.asked = { token, timer, parts: null, waiting, waitingCount }
    const wasLost = deps.wasToldGone(node)
    link.tellNode(node, TOPIC, { type: "ask", token, wasLost, isAnswer } satisfies PresenceWord)
  }

  function forget(node: NodeId): void {
    clearTimeout(heard.get(node)?.asked?.timer)
    heard.delete(node)
  }

  function onChanges(node: NodeId, word: Extract<PresenceWord, { type: "changes" }>): void {
    const state = stateOf(node)
    if (word.number < state.next) return
    if (word.number === state.next) {
      state.next++
      state.isWhole = true
      apply(node, word.changes)
      return
    }
    const { asked } = state
    if (asked === null) {
      ask(node, { waiting: [word] })
      return
    }
    asked.waiting.push(word)
    asked.waitingCount += word.changes.length
    if (asked.waitingCount > WAITING_MAX) ask(node)
  }

  function onPart(node: NodeId, word: Extract<PresenceWord, { type: "part" }>): void {
    const state = stateOf(node)
    const { asked } = state
    if (asked === null || asked.token !== word.token) return
    if (word.part === 0) asked.parts = { next: 0, changes: [] }
    // A part was lost: it is asked again before long.
    if (asked.parts === null || asked.parts.next !== word.part) return
    asked.parts.next++
    for (const change of word.changes) asked.parts.changes.push(change)
    asked.timer.refresh()
    if (!word.isLast) return
    clearTimeout(asked.timer)
    state.asked = null
    // Without a gap all that it holds has been heard by now, word by word, which says more: who
    // has gone, and who of them has been told of.
    if (!state.isWhole || word.number >= state.next) {
      state.next = word.number + 1
      state.isWhole = true
      replace(node, asked.parts.changes)
    }
    deps.onAnswer(node, asked.parts.changes)
    for (const late of asked.waiting) onChanges(node, late)
  }

  async function answer(node: NodeId, token: number): Promise<void> {
    // What waits to be told is in the answer, so it has its number.
    flush()
    const number = toldNumber
    const all = everything()
    const count = Math.max(1, Math.ceil(all.length / CHANGES_PER_WORD))
    for (let part = 0; part < count && !isClosed; part++) {
      if (part > 0) await new Promise((resolve) => setImmediate(resolve))
      if (part > 0 && !link.others.has(node)) return
      const changes = all.slice(part * CHANGES_PER_WORD, (part + 1) * CHANGES_PER_WORD)
      const isLast = part === count - 1
      const word: PresenceWord = { type: "part", token, number, part, isLast, changes }
      link.tellNode(node, TOPIC, word)
    }
  }

  function onAsk(node: NodeId, word: Extract<PresenceWord, { type: "ask" }>): void {
    if (word.wasLost) deps.onTakenForLost()
    void answer(node, word.token)
    // It may have asked because it has just come, and not have heard what it was asked before.
    const asked = heard.get(node)?.asked ?? null
    const isUnheard = asked !== null && asked.parts === null
    if (isUnheard && !word.isAnswer) ask(node, { isAnswer: true, waiting: asked.waiting })
  }

  link.hear(TOPIC, (heardWord, node) => {
    if (isClosed) return
    const { data: word } = presenceWord.safeParse(heardWord)
    // Of another version, which says it in other words; it is noticed as a gap.
    if (word === undefined) return
    // Who has just come is answered; what a lost node said late is none of what there is.
    if (word.type === "ask") onAsk(node, word)
    else if (!link.others.has(node)) return
    else if (word.type === "changes") onChanges(node, word)
    else onPart(node, word)
  })

  return {
    push,
    /** A node has come, or some of its words have not. */
    ask,
    /** Nodes of which nothing has been heard or asked yet. */
    askNew(): void {
      for (const node of link.others) if (!heard.has(node)) ask(node)
    },
    /** Some words of any node were lost. */
    askAll(): void {
      for (const node of link.others) ask(node)
    },
    forget,
    /** A node that is alive has not said all that it was asked for. */
    isAsking(): boolean {
      for (const { asked } of heard.values()) if (asked !== null) return true
      return false
    },
    close(): void {
      flush()
      isClosed = true
      for (const node of [...heard.keys()]) forget(node)
    },
  }
}

export type Exchange = ReturnType<typeof createExchange>
