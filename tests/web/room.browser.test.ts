import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { Page } from "playwright-core"
import { expectAccessible, openBrowser } from "../support/browser"
import { type House, openHouse } from "../support/house"
import { type Person, person, roomOf } from "../support/people"

const browser = openBrowser("rooms and those who run them, in a browser")

describe.skipIf(!browser.isThere)("a room", () => {
  let house: House
  let ann: Person
  let bob: Person
  let cara: Person
  let eve: Person

  beforeAll(async () => {
    house = await openHouse()
    ann = await person(house.url, "ann")
    bob = await person(house.url, "bob")
    cara = await person(house.url, "cara")
    eve = await person(house.url, "eve")
  })
  afterAll(() => house.stop())

  /** The window of somebody who has a room open. */
  async function inRoom(who: Person, roomId: string): Promise<Page> {
    const page = await browser.signedIn(house, who)
    await goTo(page, `#/rooms/${roomId}`)
    return page
  }
  async function goTo(page: Page, hash: string): Promise<void> {
    await page.evaluate(`location.hash = ${JSON.stringify(hash)}`)
  }
  const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true })
  const box = (page: Page) => page.getByRole("textbox", { name: /^Message / })

  async function openCard(page: Page, name: string): Promise<void> {
    await page
      .getByRole("complementary", { name: "Members" })
      .getByRole("button", { name: new RegExp(`${name}`) })
      .click()
    await page.getByRole("dialog", { name }).waitFor()
  }

  test("a stranger reads a public room, joins, and is made a moderator by its owner", async () => {
    const room = await roomOf(ann, [bob])
    await ann.post(`/rooms/${room.id}/messages`, { content: "welcome, whoever reads this" })
    const page = await inRoom(eve, room.id)
    await page.getByText("welcome, whoever reads this").waitFor()
    expect(await box(page).count()).toBe(0)

    await button(page, "Join").click()
    await box(page).waitFor()

    const owner = await inRoom(ann, room.id)
    await button(owner, "Members").click()
    await openCard(owner, "eve")
    await owner.getByLabel("Role").selectOption("Moderator")
    await button(owner, "Change role").click()
    await owner.getByRole("dialog").getByText("Moderator", { exact: true }).first().waitFor()

    const { body: members } = await ann.get(`/rooms/${room.id}/members`)
    expect(members.find((it: { user_id: string }) => it.user_id === eve.id).role).toBe("moderator")
    await button(page, "Members").click()
    await openCard(page, "bob")
    await button(page, "Ban…").waitFor()
    expect(await page.getByLabel("Role").count()).toBe(0)
  }, 60_000)

  test("a moderator mutes and bans a member, who is told, and lifts it again", async () => {
    const room = await roomOf(ann, [bob, cara])
    await ann.put(`/rooms/${room.id}/members/${bob.id}`, { role: "moderator" })
    const bobs = await inRoom(bob, room.id)
    const caras = await inRoom(cara, room.id)
    await box(caras).waitFor()
    await caras.getByText("Nobody has written anything yet. Say hello!").waitFor()
    await button(bobs, "Members").click()
    await openCard(bobs, "ann")
    expect(await bobs.getByRole("region", { name: "Moderation" }).count()).toBe(0)
    await bobs.keyboard.press("Escape")

    await openCard(bobs, "cara")
    await expectAccessible(bobs)
    await button(bobs, "Mute…").click()
    await bobs.getByLabel("For how long").selectOption("1 day")
    await bobs.getByLabel("Reason").fill("too loud")
    await button(bobs, "Mute").click()
    await caras.getByText(/You are muted/).waitFor()
    expect(await box(caras).count()).toBe(0)
    await caras.getByText("Nobody has written anything yet.", { exact: true }).waitFor()

    await openCard(bobs, "cara")
    await button(bobs, "Unmute").click()
    await box(caras).waitFor()

    await button(bobs, "Ban…").click()
    await bobs.getByLabel("Reason").fill("still too loud")
    await button(bobs, "Ban").click()
    await caras.getByText("You are banned from this room", { exact: true }).waitFor()
    await expectAccessible(caras)

    await bobs.getByRole("tab", { name: "Banned" }).click()
    await bobs.getByText(/still too loud/).waitFor()
    await expectAccessible(bobs)
    await button(bobs, "Lift ban").click()
    await bobs.getByText("Nobody is banned").waitFor()
    await cara.post(`/rooms/${room.id}/join`)
    await box(caras).waitFor()
  }, 60_000)

  test("an invite link lets somebody in once; the owner revokes another, and ends the room", async () => {
    const { body: room } = await ann.post("/rooms", { name: "Board", type: "private" })
    const page = await inRoom(ann, room.id)
    await button(page, "Room settings").click()
    await page.getByRole("tab", { name: "Invites" }).click()
    await page.getByLabel("How often").selectOption("Once")
    await button(page, "Create link").click()
    const link = await page.getByLabel("Invite link").inputValue()
    expect(link).toStartWith(`${house.url}/#/invite/`)
    await expectAccessible(page)

    const guest = await browser.signedIn(house, eve)
    await goTo(guest, new URL(link).hash)
    await guest.getByRole("heading", { name: "Board", level: 1 }).waitFor()
    await box(guest).waitFor()
    const late = await browser.signedIn(house, bob)
    await goTo(late, new URL(link).hash)
    await late.getByText("This invitation didn't work").waitFor()

    await page.getByLabel("How often").selectOption("Any number of times")
    await button(page, "Create link").click()
    await page.getByText(/used 0 times/).waitFor()
    await button(page, "Revoke").first().click()
    await page
      .getByRole("dialog", { name: "Revoke this link?" })
      .getByRole("button", { name: "Revoke" })
      .click()
    await page.getByText(/used 0 times/).waitFor({ state: "detached" })

    await page.getByRole("tab", { name: "Room", exact: true }).click()
    await page.getByLabel("Topic").fill("Where it is decided")
    await button(page, "Save").click()
    await guest.getByTitle("Where it is decided").waitFor()
    await button(page, "Delete room…").click()
    const end = button(page, "Delete for everybody")
    expect(await end.isDisabled()).toBe(true)
    await page.getByLabel("Type Board to confirm").fill("Board")
    await expectAccessible(page)
    await end.click()
    await guest.getByText("This room has been deleted").waitFor()
  }, 60_000)

  test("pins are listed as they are pinned, and lead to their message", async () => {
    const room = await roomOf(ann, [bob])
    const { body: first } = await bob.post(`/rooms/${room.id}/messages`, { content: "the plan" })
    const page = await inRoom(ann, room.id)
    await button(page, "Pinned messages").click()
    const panel = page.getByRole("complementary", { name: "Pinned messages" })
    await panel.getByText("Nothing pinned yet").waitFor()

    await ann.put(`/messages/${first.id}/pin`)
    await panel.getByText("the plan").waitFor()
    await expectAccessible(page)
    await panel.getByRole("button", { name: "Jump to message" }).click()
    await page.waitForURL(`**/#/rooms/${room.id}?at=${first.seq}`)
    await panel.getByRole("button", { name: "Unpin" }).click()
    await panel.getByText("Nothing pinned yet").waitFor()
  }, 60_000)
})
