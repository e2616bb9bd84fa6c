import { PublicUserSchema } from "../../protocol/answers"
import { CLAIM, empty, json, operations, page } from "./operation"

export const USERS = operations({
  "GET /api/v1/users": {
    id: "listUsers",
    tag: "users",
    summary: "List users",
    success: page(
      PublicUserSchema,
      "Newest first. `email` only for admins, and of oneself; `role` only of oneself.",
    ),
    query: CLAIM,
    fields: { query: "What the username begins with." },
  },
  "POST /api/v1/users": {
    id: "createUser",
    tag: "users",
    summary: "Make an account for somebody",
    description:
      "For admins, and keys with the scope `users`. Without a password, nobody can log in. With `CHAT_TRUST_CLIENT_IDS` for everybody, without `password` and `email`: whoever names the user then is the user.",
    success: json(PublicUserSchema, "The account, with `email`."),
    errors: ["conflict"],
    example: { username: "bob", display_name: "Bob" },
  },
  "PATCH /api/v1/users/me": {
    id: "updateMe",
    tag: "users",
    summary: "Change my profile",
    description: "What is left out stays; null takes it away.",
    success: json(PublicUserSchema, "The caller as they are now, with `email` and `role`."),
    errors: ["conflict"],
    example: { display_name: "Ann Other" },
  },
  "DELETE /api/v1/users/me": {
    id: "deleteMe",
    tag: "users",
    summary: "Delete my account",
    description: "What was written stays, by nobody in particular. Sessions, keys and sockets end.",
    success: empty("The account is no more."),
  },
  "GET /api/v1/users/me/blocks": {
    id: "listBlocked",
    tag: "users",
    summary: "List whom I have blocked",
    success: page(PublicUserSchema, "Newest accounts first."),
  },
  "PUT /api/v1/users/:id/block": {
    id: "blockUser",
    tag: "users",
    summary: "Block somebody",
    description: "They can neither talk to the caller directly nor add them to rooms.",
    success: empty("They are blocked."),
    errors: ["user_not_found"],
    fields: { id: "The user's id." },
  },
  "DELETE /api/v1/users/:id/block": {
    id: "unblockUser",
    tag: "users",
    summary: "Block somebody no longer",
    success: empty("They are not blocked."),
    errors: ["user_not_found"],
    fields: { id: "The user's id." },
  },
  "GET /api/v1/users/me": {
    id: "getMe",
    tag: "users",
    summary: "Who I am",
    success: json(PublicUserSchema, "The caller, with `email` and `role`."),
  },
  "GET /api/v1/users/:id": {
    id: "getUser",
    tag: "users",
    summary: "Read one user",
    query: CLAIM,
    success: json(
      PublicUserSchema,
      "The user. `email` only for admins, and of oneself; `role` only of oneself.",
    ),
    errors: ["user_not_found"],
    fields: { id: "The user's id." },
  },
})
