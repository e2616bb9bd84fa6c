import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { Inbox } from "../../src/sockets/inbox"

/** A task that ends when it is told to. */
function task(name: string, isBarrier = false) {
  const end = Promise.withResolvers<string | null>()
  const it = { isStarted: false, end: (answer: string | null = name) => end.resolve(answer) }
  const run = () => {
    it.isStarted = true
    return end.promise
  }
  return Object.assign(it, { isBarrier, run })
}

const settle = () => Bun.sleep(0)

describe("the frames of one connection", () => {
  test("are answered in the order they came, whichever ends first", async () => {
    const answers: string[] = []
    const inbox = new Inbox((answer) => answers.push(String(answer)))
    const [first, second, third] = [task("first"), task("second"), task("third")]
    for (const it of [first, second, third]) inbox.accept(it)

    third.end()
    second.end(null)
    await settle()
    const early = [...answers]
    first.end()
    await settle()

    expect(early).toEqual([])
    expect(answers).toEqual(["first", "third"])
    expect(inbox.size).toBe(0)
  })

  test("start side by side, but a barrier waits for all before it, and all after it wait for it", async () => {
    const inbox = new Inbox(() => undefined)
    const [first, second] = [task("first"), task("second")]
    const barrier = task("barrier", true)
    const [third, last] = [task("third"), task("last")]
    for (const it of [first, second, barrier, third, last]) inbox.accept(it)
    const started = () => [first, second, barrier, third, last].map((it) => it.isStarted)

    expect(started()).toEqual([true, true, false, false, false])
    second.end()
    await settle()
    expect(started()).toEqual([true, true, false, false, false])
    first.end()
    await settle()
    expect(started()).toEqual([true, true, true, false, false])
    barrier.end()
    await settle()
    expect(started()).toEqual([true, true, true, true, true])
  })

  test("given they are dropped, then none starts any more and none is answered", async () => {
    const answers: string[] = []
    const inbox = new Inbox((answer) => answers.push(String(answer)))
    const [barrier, waiting] = [task("barrier", true), task("waiting")]
    for (const it of [barrier, waiting]) inbox.accept(it)

    inbox.clear()
    barrier.end()
    await settle()

    expect(waiting.isStarted).toBe(false)
    expect(answers).toEqual([])
  })

  test("whatever comes and ends in whatever order, all are answered in order and no barrier runs beside another", async () => {
    const step = fc.record({ isBarrier: fc.boolean(), endsAfter: fc.nat(5) })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const answers: string[] = []
        const inbox = new Inbox((answer) => answers.push(String(answer)))
        let running = 0
        let barriers = 0
        for (const [index, { isBarrier, endsAfter }] of steps.entries()) {
          inbox.accept({
            isBarrier,
            async run() {
              running++
              barriers += Number(isBarrier)
              expect(barriers === 0 || running === 1).toBe(true)
              for (let turn = 0; turn < endsAfter; turn++) await Promise.resolve()
              running--
              barriers -= Number(isBarrier)
              return String(index)
            },
          })
        }
        while (inbox.size > 0) await settle()

        expect(answers).toEqual(steps.map((_, index) => String(index)))
      }),
    )
  })
})
