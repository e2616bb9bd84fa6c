/**
 * The table "Who may do what", cell by cell; asked in
 * tests/authorization/rooms.test.ts. `yes`: it is done; `no`: `forbidden`; `none`:
 * `room_not_found`, as if there were no such room; `banned`: told so. Each `yes` has a room of its
 * own; all the others of a line must leave every table of the database as it was.
 */
export const IN_A_PUBLIC_ROOM = `
                        | member | moderator | owner  | admin  | stranger | banned | former
see it                  | yes    | yes       | yes    | yes    | yes      | banned | yes
read its messages       | yes    | yes       | yes    | yes    | yes      | banned | yes
read its changes        | yes    | yes       | yes    | yes    | yes      | banned | yes
see its members         | yes    | yes       | yes    | yes    | yes      | banned | yes
see who is online       | yes    | yes       | yes    | yes    | yes      | banned | yes
open one message        | yes    | yes       | yes    | yes    | yes      | banned | yes
see what it said before | yes    | yes       | yes    | yes    | yes      | banned | yes
edit it                 | yes    | no        | no     | no     | no       | banned | no
delete it for all       | yes    | yes       | yes    | yes    | no       | banned | no
delete an owner's       | no     | yes       | yes    | yes    | no       | banned | no
react to it             | yes    | yes       | yes    | no     | no       | banned | no
take a reaction back    | yes    | yes       | yes    | no     | no       | banned | no
pin it                  | no     | yes       | yes    | yes    | no       | banned | no
unpin it                | no     | yes       | yes    | yes    | no       | banned | no
see what is pinned      | yes    | yes       | yes    | yes    | yes      | banned | yes
search it               | yes    | yes       | yes    | yes    | yes      | banned | yes
join                    | yes    | yes       | yes    | yes    | yes      | banned | yes
send                    | yes    | yes       | yes    | yes    | yes      | banned | yes
schedule                | yes    | yes       | yes    | yes    | yes      | banned | yes
send a system message   | no     | yes       | yes    | yes    | no       | banned | no
schedule a system one   | no     | yes       | yes    | yes    | no       | banned | no
mark read               | yes    | yes       | yes    | none   | none     | banned | none
leave                   | yes    | yes       | yes    | none   | none     | banned | none
accept an invite        | yes    | yes       | yes    | yes    | yes      | banned | yes
add a user              | no     | yes       | yes    | yes    | no       | no     | no
add nobody known        | no     | absent    | absent | absent | no       | no     | no
add a member again      | no     | yes       | yes    | yes    | no       | no     | no
remove nobody known     | no     | absent    | absent | absent | no       | no     | no
make an invite          | no     | yes       | yes    | yes    | no       | no     | no
list invites            | no     | yes       | yes    | yes    | no       | no     | no
revoke an invite        | no     | yes       | yes    | yes    | no       | no     | no
remove oneself          | yes    | yes       | yes    | absent | absent   | absent | absent
remove a member         | no     | yes       | yes    | yes    | no       | no     | no
remove a moderator      | no     | no        | yes    | yes    | no       | no     | no
remove an owner         | no     | no        | yes    | yes    | no       | no     | no
mute a member           | no     | yes       | yes    | yes    | no       | no     | no
mute a moderator        | no     | no        | yes    | yes    | no       | no     | no
mute an owner           | no     | no        | yes    | yes    | no       | no     | no
unmute a member         | no     | yes       | yes    | yes    | no       | no     | no
ban a member            | no     | yes       | yes    | yes    | no       | no     | no
ban a stranger          | no     | yes       | yes    | yes    | no       | no     | no
ban a moderator         | no     | no        | yes    | yes    | no       | no     | no
ban an owner            | no     | no        | yes    | yes    | no       | no     | no
ban oneself             | no     | no        | no     | no     | no       | no     | no
lift a ban              | no     | yes       | yes    | yes    | no       | no     | no
list bans               | no     | yes       | yes    | yes    | no       | no     | no
make a moderator        | no     | no        | yes    | yes    | no       | no     | no
make an owner           | no     | no        | yes    | yes    | no       | no     | no
unmake a moderator      | no     | no        | yes    | yes    | no       | no     | no
unmake an owner         | no     | no        | yes    | yes    | no       | no     | no
rename it               | no     | no        | yes    | yes    | no       | no     | no
change its type         | no     | no        | yes    | yes    | no       | no     | no
change its limits       | no     | no        | yes    | yes    | no       | no     | no
delete it               | no     | no        | yes    | yes    | no       | no     | no
`

export const IN_A_PRIVATE_ROOM = `
                        | member | moderator | owner  | admin  | stranger | banned | former
see it                  | yes    | yes       | yes    | none   | none     | none   | none
read its messages       | yes    | yes       | yes    | none   | none     | none   | none
read its changes        | yes    | yes       | yes    | none   | none     | none   | none
see its members         | yes    | yes       | yes    | none   | none     | none   | none
see who is online       | yes    | yes       | yes    | none   | none     | none   | none
open one message        | yes    | yes       | yes    | gone   | gone     | gone   | gone
see what it said before | yes    | yes       | yes    | gone   | gone     | gone   | gone
edit it                 | yes    | no        | no     | gone   | gone     | gone   | gone
delete it for all       | yes    | yes       | yes    | yes    | gone     | gone   | gone
delete an owner's       | no     | yes       | yes    | yes    | gone     | gone   | gone
react to it             | yes    | yes       | yes    | gone   | gone     | gone   | gone
take a reaction back    | yes    | yes       | yes    | gone   | gone     | gone   | gone
pin it                  | no     | yes       | yes    | yes    | gone     | gone   | gone
unpin it                | no     | yes       | yes    | yes    | gone     | gone   | gone
see what is pinned      | yes    | yes       | yes    | none   | none     | none   | none
search it               | yes    | yes       | yes    | none   | none     | none   | none
join                    | yes    | yes       | yes    | none   | none     | none   | none
send                    | yes    | yes       | yes    | none   | none     | none   | none
schedule                | yes    | yes       | yes    | none   | none     | none   | none
send a system message   | no     | yes       | yes    | none   | none     | none   | none
schedule a system one   | no     | yes       | yes    | none   | none     | none   | none
mark read               | yes    | yes       | yes    | none   | none     | none   | none
leave                   | yes    | yes       | yes    | none   | none     | none   | none
accept an invite        | yes    | yes       | yes    | yes    | yes      | banned | yes
add a user              | no     | yes       | yes    | yes    | none     | none   | none
add nobody known        | no     | absent    | absent | absent | none     | none   | none
add a member again      | no     | yes       | yes    | yes    | none     | none   | none
remove nobody known     | no     | absent    | absent | absent | none     | none   | none
make an invite          | no     | yes       | yes    | yes    | none     | none   | none
list invites            | no     | yes       | yes    | yes    | none     | none   | none
revoke an invite        | no     | yes       | yes    | yes    | none     | none   | none
remove oneself          | yes    | yes       | yes    | absent | none     | none   | none
remove a member         | no     | yes       | yes    | yes    | none     | none   | none
remove a moderator      | no     | no        | yes    | yes    | none     | none   | none
remove an owner         | no     | no        | yes    | yes    | none     | none   | none
mute a member           | no     | yes       | yes    | yes    | none     | none   | none
mute a moderator        | no     | no        | yes    | yes    | none     | none   | none
mute an owner           | no     | no        | yes    | yes    | none     | none   | none
unmute a member         | no     | yes       | yes    | yes    | none     | none   | none
ban a member            | no     | yes       | yes    | yes    | none     | none   | none
ban a stranger          | no     | yes       | yes    | yes    | none     | none   | none
ban a moderator         | no     | no        | yes    | yes    | none     | none   | none
ban an owner            | no     | no        | yes    | yes    | none     | none   | none
ban oneself             | no     | no        | no     | no     | none     | none   | none
lift a ban              | no     | yes       | yes    | yes    | none     | none   | none
list bans               | no     | yes       | yes    | yes    | none     | none   | none
make a moderator        | no     | no        | yes    | yes    | none     | none   | none
make an owner           | no     | no        | yes    | yes    | none     | none   | none
unmake a moderator      | no     | no        | yes    | yes    | none     | none   | none
unmake an owner         | no     | no        | yes    | yes    | none     | none   | none
rename it               | no     | no        | yes    | yes    | none     | none   | none
change its type         | no     | no        | yes    | yes    | none     | none   | none
change its limits       | no     | no        | yes    | yes    | none     | none   | none
delete it               | no     | no        | yes    | yes    | none     | none   | none
`

/** As the other private rooms, but for what is said here. */
export const WHERE_MEMBERS_CAN_INVITE = `
                        | member | moderator | owner  | admin  | stranger | banned | former
add a user              | yes    | yes       | yes    | yes    | none     | none   | none
add a moderator         | no     | no        | yes    | yes    | none     | none   | none
make an invite          | yes    | yes       | yes    | yes    | none     | none   | none
list invites            | no     | yes       | yes    | yes    | none     | none   | none
revoke an invite        | no     | yes       | yes    | yes    | none     | none   | none
remove a member         | no     | yes       | yes    | yes    | none     | none   | none
rename it               | no     | no        | yes    | yes    | none     | none   | none
`

/** Nobody runs a conversation, so nobody in it is more than a member. */
export const IN_A_CONVERSATION = `
                        | member | admin  | stranger
see it                  | yes    | none   | none
read its messages       | yes    | none   | none
read its changes        | yes    | none   | none
see its members         | yes    | none   | none
see who is online       | yes    | none   | none
open one message        | yes    | gone   | gone
see what it said before | yes    | gone   | gone
edit it                 | yes    | gone   | gone
delete it for all       | yes    | gone   | gone
react to it             | yes    | gone   | gone
take a reaction back    | yes    | gone   | gone
pin it                  | no     | gone   | gone
unpin it                | no     | gone   | gone
see what is pinned      | yes    | none   | none
search it               | yes    | none   | none
join                    | yes    | none   | none
send                    | yes    | none   | none
schedule                | yes    | none   | none
send a system message   | no     | none   | none
schedule a system one   | no     | none   | none
mark read               | yes    | none   | none
leave                   | no     | none   | none
add a user              | no     | none   | none
make an invite          | no     | none   | none
list invites            | no     | none   | none
remove oneself          | no     | none   | none
remove a member         | no     | none   | none
mute a member           | no     | none   | none
unmute a member         | no     | none   | none
ban a member            | no     | none   | none
ban a stranger          | no     | none   | none
lift a ban              | no     | none   | none
list bans               | no     | none   | none
make a moderator        | no     | none   | none
make an owner           | no     | none   | none
rename it               | no     | none   | none
change its type         | no     | none   | none
change its limits       | no     | none   | none
delete it               | no     | none   | none
`

type Request = readonly [
  method: "get" | "post" | "put" | "patch" | "delete",
  path: string,
  body?: unknown,
]

const TOMORROW = new Date(Date.now() + 86_400_000).toISOString()

/** `:oneself` is the actor; the others stand for people of the room on whom they act. */
export const REQUESTS: Readonly<Record<string, Request>> = {
  "see it": ["get", "/rooms/:room"],
  "read its messages": ["get", "/rooms/:room/messages"],
  "read its changes": ["get", "/rooms/:room/changes?epoch=epoch&since=1"],
  "see its members": ["get", "/rooms/:room/members"],
  "see who is online": ["get", "/rooms/:room/presence"],
  "open one message": ["get", "/messages/:message"],
  "see what it said before": ["get", "/messages/:message/history"],
  "edit it": ["patch", "/messages/:message", { content: "hello again" }],
  "delete it for all": ["delete", "/messages/:message"],
  "delete an owner's": ["delete", "/messages/:others"],
  "react to it": ["put", "/messages/:message/reactions/%F0%9F%91%8D"],
  "take a reaction back": ["delete", "/messages/:message/reactions/%F0%9F%91%8D"],
  "pin it": ["put", "/messages/:message/pin"],
  "unpin it": ["delete", "/messages/:message/pin"],
  "see what is pinned": ["get", "/rooms/:room/pins"],
  "search it": ["get", "/search?q=first&room_id=:room"],
  join: ["post", "/rooms/:room/join"],
  send: ["post", "/rooms/:room/messages", { content: "hello" }],
  "send a system message": ["post", "/rooms/:room/messages", { content: "hello", type: "system" }],
  schedule: ["post", "/rooms/:room/scheduled", { content: "hello", send_at: TOMORROW }],
  "schedule a system one": [
    "post",
    "/rooms/:room/scheduled",
    { content: "hello", type: "system", send_at: TOMORROW },
  ],
  "mark read": ["put", "/rooms/:room/read", { seq: 2 }],
  leave: ["post", "/rooms/:room/leave"],
  "accept an invite": ["post", "/invites/:code"],
  "add a user": ["put", "/rooms/:room/members/:newcomer"],
  "add a moderator": ["put", "/rooms/:room/members/:newcomer", { role: "moderator" }],
  "add nobody known": ["put", "/rooms/:room/members/nobody"],
  "add a member again": ["put", "/rooms/:room/members/:member"],
  "remove nobody known": ["delete", "/rooms/:room/members/nobody"],
  "make an invite": ["post", "/rooms/:room/invites"],
  "list invites": ["get", "/rooms/:room/invites"],
  "revoke an invite": ["delete", "/rooms/:room/invites/:code"],
  "remove oneself": ["delete", "/rooms/:room/members/:oneself"],
  "remove a member": ["delete", "/rooms/:room/members/:member"],
  "remove a moderator": ["delete", "/rooms/:room/members/:moderator"],
  "remove an owner": ["delete", "/rooms/:room/members/:owner"],
  "mute a member": ["put", "/rooms/:room/mutes/:member"],
  "mute a moderator": ["put", "/rooms/:room/mutes/:moderator"],
  "mute an owner": ["put", "/rooms/:room/mutes/:owner"],
  "unmute a member": ["delete", "/rooms/:room/mutes/:member"],
  "ban a member": ["put", "/rooms/:room/bans/:member"],
  "ban a stranger": ["put", "/rooms/:room/bans/:newcomer"],
  "ban a moderator": ["put", "/rooms/:room/bans/:moderator"],
  "ban an owner": ["put", "/rooms/:room/bans/:owner"],
  "ban oneself": ["put", "/rooms/:room/bans/:oneself"],
  "lift a ban": ["delete", "/rooms/:room/bans/:banned"],
  "list bans": ["get", "/rooms/:room/bans"],
  "make a moderator": ["put", "/rooms/:room/members/:member", { role: "moderator" }],
  "make an owner": ["put", "/rooms/:room/members/:member", { role: "owner" }],
  "unmake a moderator": ["put", "/rooms/:room/members/:moderator", { role: "member" }],
  "unmake an owner": ["put", "/rooms/:room/members/:owner", { role: "member" }],
  "rename it": ["patch", "/rooms/:room", { name: "another name", topic: "another topic" }],
  "change its type": ["patch", "/rooms/:room", { type: ":other-type" }],
  "change its limits": ["patch", "/rooms/:room", { max_users: 7, members_can_invite: true }],
  "delete it": ["delete", "/rooms/:room"],
}

/** The lines of a table: what is done, and the outcome for each who is named in its head. */
export function linesOf(
  table: string,
): readonly (readonly [string, Readonly<Record<string, string>>])[] {
  const [head = [], ...lines] = table
    .trim()
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()))
  const [, ...names] = head
  return lines.map(([what = "", ...cells]) => [
    what,
    Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ""])),
  ])
}
