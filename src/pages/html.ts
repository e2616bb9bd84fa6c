export interface PageParts {
  readonly title: string
  /** Addresses: what runs before anything is drawn, the script that draws, what that imports. */
  readonly early: readonly string[]
  readonly script: string
  readonly preloads: readonly string[]
  readonly styles: readonly string[]
}

/**
 * A page in which a script draws everything. Nothing in it is to be run or to be applied by itself:
 * the policy of http/pages.ts forbids both. Addresses are hashed names of ours: nothing to escape.
 */
export function pageHtml({ title, early, script, preloads, styles }: PageParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="manifest" href="/manifest.webmanifest">
${[
  ...early.map((it) => `<script src="${it}"></script>`),
  ...styles.map((it) => `<link rel="stylesheet" href="${it}">`),
  ...preloads.map((it) => `<link rel="modulepreload" href="${it}">`),
].join("\n")}
</head>
<body>
<div id="app"></div>
<noscript>Parley is an application: it needs JavaScript.</noscript>
<script type="module" src="${script}"></script>
</body>
</html>
`
}
