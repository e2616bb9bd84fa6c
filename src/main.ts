#!/usr/bin/env bun
import { parseArgs } from "node:util"
import { isGroup, listGroups } from "./cli/groups"
import { serve } from "./cli/serve"
import { isTask, listTasks } from "./cli/tasks"
import { UsageError } from "./cli/usage-error"
import { describeVariables } from "./cli/variables"
import { VERSION } from "./cli/version"
import { ConfigError } from "./config"
import { ChatError } from "./protocol/errors"

const USAGE = `parley ${VERSION}: a chat server in one process

Usage: parley [command] [options]

  serve       run the server (the default)
    --help    also list every setting from the environment
${listTasks()}
${listGroups()}
  help        this text
  version     the version
`

/** The command line. Exit codes: 0 done, 1 failed, 2 not understood. */
async function main(args: readonly string[]): Promise<number> {
  const [group, ...others] = args
  if (isGroup(group)) {
    // Loaded when it is asked for: a server starts without it.
    const { administer } = await import("./cli/administer")
    return print(await administer(group, others, process.env))
  }
  if (isTask(group)) {
    const { runTask } = await import("./cli/run-task")
    const progress = (text: string) => console.error(text)
    const { text, exitCode } = await runTask(group, others, { env: process.env, progress })
    print(text)
    return exitCode
  }
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { help: { type: "boolean", short: "h" }, version: { type: "boolean", short: "v" } },
  })
  const [command = "serve", ...rest] = positionals
  if (values.version || command === "version") return print(VERSION)
  if (command === "serve" && rest.length === 0) {
    return values.help ? print(`${USAGE}\n${describeVariables()}`) : serve(process.env)
  }
  if (values.help || command === "help") return print(USAGE)
  console.error(`parley: there is no command "${positionals.join(" ")}"\n\n${USAGE}`)
  return 2
}

function print(text: string): number {
  console.log(text)
  return 0
}

async function run(): Promise<void> {
  try {
    process.exitCode = await main(process.argv.slice(2))
  } catch (error) {
    console.error(`parley: ${describe(error)}`)
    process.exitCode = isUsageError(error) ? 2 : 1
  }
}

function describe(error: unknown): string {
  if (error instanceof ConfigError) return `wrong settings\n${error.message}`
  if (error instanceof ChatError) return `${error.message} (${error.code})`
  return error instanceof Error ? error.message : String(error)
}

function isUsageError(error: unknown): boolean {
  if (error instanceof ConfigError || error instanceof UsageError) return true
  return error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE")
}

// Not awaited at the top level: bytecode, and with it a start in milliseconds, needs CommonJS.
run()
