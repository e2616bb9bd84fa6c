import { basename, dirname, join, relative, resolve } from "node:path"
import ts from "typescript"

const SOURCES = resolve("src")

/**
 * The declarations of a module and of all that they name, by their paths below `src`. What comes
 * from the protocol is written out, because there it is made of schemas.
 */
export function declareClient(entry: string): ReadonlyMap<string, string> {
  const program = ts.createProgram([entry], {
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.esnext.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    skipLibCheck: true,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: SOURCES,
    outDir: SOURCES,
  })
  const emitted = new Map<string, string>()
  program.emit(undefined, (path, text) => emitted.set(relative(SOURCES, resolve(path)), text))

  const declared = new Map<string, string>()
  const named = new Map<string, Set<string>>()
  const waiting = [relative(SOURCES, resolve(entry)).replace(/\.ts$/, ".d.ts")]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const text = emitted.get(path)
    if (text === undefined || declared.has(path)) continue
    declared.set(path, withExtensions(text))
    for (const { names, module } of importsIn(text)) {
      const target = `${join(dirname(path), module)}.d.ts`
      if (!target.startsWith("protocol/")) waiting.push(target)
      else named.set(target, new Set([...(named.get(target) ?? []), ...names]))
    }
  }
  for (const [path, names] of named) declared.set(path, writeOut(program, path, names))
  return declared
}

interface Import {
  readonly names: readonly string[]
  readonly module: string
}

function importsIn(text: string): readonly Import[] {
  return [...text.matchAll(/^(?:im|ex)port (?:type )?(.*?) from "(\.[^"]*)"/gm)].map(
    ([, what = "", module = ""]) => ({
      names: (/\{(.*)\}/.exec(what)?.[1] ?? "").split(",").flatMap((it) => it.trim() || []),
      module,
    }),
  )
}

/** Node finds no module by half its name, and so TypeScript finds none for it either. */
const withExtensions = (text: string): string =>
  text.replaceAll(/(from ")(\.[^"]*)"/g, (_, start: string, module: string) => {
    return `${start}${module}.js"`
  })

function writeOut(program: ts.Program, path: string, names: ReadonlySet<string>): string {
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(join(SOURCES, path.replace(/\.d\.ts$/, ".ts")))
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source)
  if (module === undefined) throw new Error(`${basename(path)} is no module`)
  const symbols = new Map(checker.getExportsOfModule(module).map((it) => [it.name, it]))
  return [...names]
    .sort()
    .map((name) => `${writeType(checker, symbols.get(name), name)}\n`)
    .join("")
}

const { NoTruncation, InTypeAlias, MultilineObjectLiterals } = ts.TypeFormatFlags

function writeType(checker: ts.TypeChecker, symbol: ts.Symbol | undefined, name: string): string {
  const declaration = symbol?.declarations?.[0]
  if (symbol === undefined || declaration === undefined) throw new Error(`there is no ${name}`)
  // An interface says itself what it is.
  if (ts.isInterfaceDeclaration(declaration)) return declaration.getText()
  const flags = NoTruncation | InTypeAlias | MultilineObjectLiterals
  const type = checker.getDeclaredTypeOfSymbol(symbol)
  return `export type ${name} = ${checker.typeToString(type, undefined, flags)}`
}
