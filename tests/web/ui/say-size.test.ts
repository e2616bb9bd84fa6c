import { expect, test } from "bun:test"
import { saySize } from "../../../src/web/ui/say-size"

test.each([
  [7, "en", "7 bytes"],
  [1_000, "en", "1 kB"],
  [12_345, "en", "12.3 kB"],
  [10_485_760, "en", "10.5 MB"],
  [3_400_000_000, "de", "3,4\u00a0GB"],
])("%i bytes in %s are %s", (bytes, language, said) => {
  expect(saySize(bytes, language)).toBe(said)
})
