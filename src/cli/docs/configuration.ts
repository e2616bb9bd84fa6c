import { variablesAsMarkdown } from "../variables"

/** docs/configuration.md. */
export const configurationPage = (): string => `# Configuration

Written by \`bun run docs\` from \`src/config.ts\`. Don't edit it here.

Settings come from the environment, or from a file \`.env\` in the folder that Parley is started
in; the environment wins. An empty variable counts as unset. A wrong one keeps the server from
starting, with all that is wrong told at once and exit code 2. \`parley serve --help\` prints this
table too.

- **Durations** are a number and a unit: \`500ms\`, \`60s\`, \`15m\`, \`1h\`, \`30d\`. A number alone is
  seconds.
- **Limits** are whole numbers. 0 turns a limit off.
- **Whether or not** is \`true\` or \`false\`, or \`1\` or \`0\`.
- **\`NODE_ENV=production\`** lowers some of the defaults below and counts connections from this
  very machine like all others.

${variablesAsMarkdown()}
`
