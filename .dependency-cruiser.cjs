/**
 * The layers of docs/architecture.md, checked: imports point down. Type imports count too, so
 * the TypeScript sources are read before their types are stripped.
 */
const below = {
  protocol: [],
  store: ["protocol"],
  files: ["protocol"],
  cluster: ["protocol"],
  previews: ["protocol"],
  ops: ["protocol"],
  // Types only: see the two rules on `core` below.
  core: ["protocol", "store", "files", "cluster"],
  auth: ["protocol", "store"],
  dialects: ["protocol", "wire"],
  wire: ["protocol"],
  pages: ["protocol"],
  // Types only, of the pages: they are loaded when somebody asks for one.
  http: ["protocol", "core", "auth", "ops", "pages"],
  sockets: ["protocol", "core", "auth", "ops", "dialects", "wire"],
  client: ["protocol"],
  web: ["client", "protocol"],
}

const layerRules = Object.entries(below).map(([layer, allowed]) => ({
  name: `${layer}-imports-down`,
  comment: `src/${layer} may import only ${["itself", ...allowed].join(", ")}: imports point down (docs/architecture.md, "Layers").`,
  severity: "error",
  from: { path: `^src/${layer}/` },
  to: { path: "^src/", pathNot: `^src/(${[layer, ...allowed].join("|")})/` },
}))

module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: "core-gets-resources-as-parameters",
      comment:
        "core knows the store, the files and the cluster by their types only; what it works with is handed to it, so that a test can hand it something else.",
      severity: "error",
      from: { path: "^src/(core|auth)/" },
      to: { path: "^src/(store|files|cluster)/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "pages-are-loaded-when-asked-for",
      comment: "A server that starts has nobody looking at it yet: it must not load a bundler.",
      severity: "error",
      from: { path: "^src/http/" },
      to: { path: "^src/pages/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "core-knows-no-framework",
      comment: "core holds rules: it knows no Elysia, no Bun, no SQL and no Redis.",
      severity: "error",
      from: { path: "^src/(core|protocol)/" },
      to: { path: "(^bun$|^bun:|node_modules/(elysia|@elysiajs|drizzle-orm|socket\\.io))" },
    },
    {
      name: "elysia-stays-at-the-edge",
      comment:
        "Routes validate, call one function of core and return; nothing below them sees Elysia.",
      severity: "error",
      from: { path: "^src/(store|files|cluster|previews|pages|dialects|wire|ops|client)/" },
      to: { path: "node_modules/(elysia|@elysiajs)" },
    },
    {
      name: "one-dialect-never-imports-another",
      comment: "What two protocols share belongs in src/protocol or src/wire.",
      severity: "error",
      from: { path: "^src/dialects/([^/]+)/" },
      to: { path: "^src/dialects/[^/]+/", pathNot: "^src/dialects/$1/" },
    },
    {
      name: "protocols-are-pure",
      comment: "A codec takes a value and returns a value: no clock, no files, no sockets.",
      severity: "error",
      from: { path: "^src/(dialects|protocol)/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "browsers-have-neither-bun-nor-node",
      comment: "The SDK and the web client run in browsers, where neither is.",
      severity: "error",
      from: { path: "^src/(client|web)/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "the-sdk-holds-no-schemas",
      comment:
        "Of the protocol the SDK has types, and as values only what is small: schemas, and the library that they are made with, would make it several times as large.",
      severity: "error",
      from: { path: "^src/client/" },
      to: {
        path: "^src/protocol/",
        pathNot: "^src/protocol/assert-never\\.ts$",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "the-sdk-depends-on-nothing",
      comment: "Who uses it installs nothing else with it.",
      severity: "error",
      from: { path: "^src/client/" },
      to: { pathNot: "^src/" },
    },
    {
      name: "no-cycles",
      comment: "Two files that need each other are one file, or lack a third.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no-orphans",
      comment:
        "A file that nobody imports is dead; scripts of package.json, what pages start with, and declarations are not.",
      severity: "error",
      from: {
        orphan: true,
        path: "^src/",
        pathNot: [
          "^src/cli/(build|build-client|docs)\\.ts$",
          "^src/web/(early|main|playground/main)\\.tsx?$",
          "tsconfig\\.json$",
          "\\.d\\.ts$",
        ],
      },
      to: {},
    },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    combinedDependencies: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types"] },
  },
}
