import { expect, test } from "bun:test"
import { Listeners } from "../../../src/wire/engine-io/listeners"

const report = (err: unknown) => {
  throw err
}

test("a listener that leaves while all are called keeps nobody else from hearing", () => {
  const listeners = new Listeners()
  const heard: string[] = []
  listeners.addOnce("data", () => heard.push("once"))
  listeners.add("data", (it: string) => heard.push(it))

  listeners.emit("data", ["first"], report)
  listeners.emit("data", ["second"], report)

  expect(heard).toEqual(["once", "first", "second"])
})

test("one that is listened to twice is left once, and one listened to once can be left", () => {
  const listeners = new Listeners()
  const heard: string[] = []
  const hear = (it: string) => heard.push(it)
  listeners.add("data", hear)
  listeners.add("data", hear)
  listeners.addOnce("close", hear)

  listeners.remove("data", hear)
  listeners.remove("close", hear)
  listeners.remove("close", hear)

  expect(listeners.emit("data", ["data"], report)).toBe(true)
  expect(listeners.emit("close", ["close"], report)).toBe(false)
  expect(listeners.has("close")).toBe(false)
  expect(heard).toEqual(["data"])
})
