import { z } from "zod"
import { EXAMPLES } from "../../protocol/answer-examples"
import { ProblemSchema } from "../../protocol/answers"
import {
  createSchemaBook,
  type SchemaBook,
  type SchemaBookOptions,
} from "../../protocol/json-schema"
import { describeHeaders } from "./headers"
import { describeFields, parametersOf } from "./inputs"
import { type Operation, type Success, TAGS } from "./operation"
import { findOperation, operationKey } from "./operations"
import { createProblems } from "./problems"
import { SECURITY, SECURITY_OF, SECURITY_SCHEMES } from "./security"

/** A route as Elysia knows it. What its hooks hold is looked at before it is believed. */
export interface DeclaredRoute {
  readonly method: string
  readonly path: string
  readonly hooks?: unknown
}

export interface OpenApiOptions {
  readonly routes: readonly DeclaredRoute[]
  /** Where `room-commands` is spoken. */
  readonly roomCommandsPath: string
  readonly version: string
  readonly unknownFields?: SchemaBookOptions["unknownFields"]
}

/**
 * The OpenAPI 3.1 document of all routes that have an entry in `operations.ts`: bodies and
 * parameters from the schemas that check them, answers and refusals from the entry.
 */
export function openApiDocument({
  routes,
  roomCommandsPath,
  version,
  unknownFields = "allowed",
}: OpenApiOptions) {
  const book = createSchemaBook({ draft: "draft-2020-12", unknownFields, examples: EXAMPLES })
  const problems = createProblems(book.answered(ProblemSchema))
  const paths: Record<string, Record<string, object>> = {}
  for (const route of routes) {
    const key = operationKey(route)
    const operation = findOperation(key, roomCommandsPath)
    if (operation === undefined) continue
    const path = key.slice(key.indexOf(" ") + 1).replace(/:(\w+)/g, "{$1}")
    const method = route.method.toLowerCase()
    paths[path] = { ...paths[path], [method]: describe(route, operation, { book, problems }) }
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "Parley",
      version,
      description: ABOUT,
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/", description: "This server" }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    security: SECURITY,
    paths,
    components: {
      schemas: book.components,
      responses: problems.components,
      securitySchemes: SECURITY_SCHEMES,
    },
  }
}

const ABOUT = `A chat server in one process. JSON in \`snake_case\`; times are ISO 8601 in UTC;
lengths count Unicode code points; what a number counts is said beside it. Fields that nobody
knows are ignored in what you send, and may come to be in what you are answered. Refusals are
\`application/problem+json\`; their \`code\` is for programs and never renamed. What is told over
the WebSocket is in [/asyncapi.json](/asyncapi.json). A demo may run with
\`CHAT_TRUST_CLIENT_IDS=true\`: then rooms, messages and users are made, listed and read without
credentials too, by whom \`user_id\` names, or by one user \`visitor\`.`

const Hooks = z.object({
  params: z.instanceof(z.ZodType).optional(),
  query: z.instanceof(z.ZodType).optional(),
  body: z.instanceof(z.ZodType).optional(),
})

interface Parts {
  readonly book: SchemaBook
  readonly problems: ReturnType<typeof createProblems>
}

function describe(route: DeclaredRoute, operation: Operation, { book, problems }: Parts): object {
  const { id, tag, summary, description, access, example, fields, form } = operation
  const { params, query, body } = Hooks.parse(route.hooks ?? {})
  const queries = [query, operation.query]
  const parameters = parametersOf(route.path, { params, queries, fields, book })
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(access === undefined ? {} : { security: SECURITY_OF[access] }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: requestBody(body, { book, fields, example }) }),
    ...(form === undefined ? {} : { requestBody: formBody(form) }),
    responses: {
      ...Object.fromEntries(
        [operation.success, ...(operation.others ?? [])].map((it) => [
          it.status,
          describeSuccess(it, book),
        ]),
      ),
      ...problems.responsesOf(operation, {
        method: route.method,
        hasBody: body !== undefined || form !== undefined,
      }),
    },
  }
}

function formBody(form: NonNullable<Operation["form"]>) {
  const properties = Object.entries(form).map(([name, description]) => [
    name,
    { type: "string", contentMediaType: "application/octet-stream", description },
  ])
  return {
    required: true,
    content: {
      "multipart/form-data": {
        schema: {
          type: "object",
          required: Object.keys(form),
          properties: Object.fromEntries(properties),
        },
      },
    },
  }
}

interface BodyParts {
  readonly book: SchemaBook
  readonly fields: Operation["fields"] | undefined
  readonly example: object | undefined
}

function requestBody(body: z.ZodType, { book, fields, example }: BodyParts) {
  const schema = describeFields(book.accepted(body), fields)
  return {
    required: !body.safeParse(undefined).success,
    content: { "application/json": { schema, ...(example === undefined ? {} : { example }) } },
  }
}

function describeSuccess({ means, mime, schema, exampleOf, headers }: Success, book: SchemaBook) {
  const example = exampleOf === undefined ? undefined : exampleFor(exampleOf)
  const content = {
    ...(schema === undefined ? {} : { schema: book.answered(schema) }),
    ...(example === undefined ? {} : { example }),
  }
  return {
    description: means,
    ...(headers === undefined ? {} : { headers: describeHeaders(headers) }),
    ...(mime === undefined ? {} : { content: { [mime]: content } }),
  }
}

function exampleFor({ schema, many }: NonNullable<Success["exampleOf"]>): unknown {
  const examples: Readonly<Record<string, unknown>> = EXAMPLES
  const example = examples[schema.meta()?.id ?? ""]
  return many && example !== undefined ? [example] : example
}
