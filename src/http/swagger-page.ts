/**
 * Swagger UI, from files that are part of the program: the page works where there is no way out
 * to the Internet, and a strict policy keeps it from asking for one.
 */
import styles from "swagger-ui-dist/swagger-ui.css" with { type: "file" }
import bundle from "swagger-ui-dist/swagger-ui-bundle.js" with { type: "file" }

/** Nothing from elsewhere, no script in the page itself, in nobody's frame. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // Swagger UI's own style sheet holds its icons.
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ")

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Parley: API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/swagger/assets/swagger-ui.css">
</head>
<body>
<main id="swagger"></main>
<script src="/swagger/assets/swagger-ui-bundle.js"></script>
<script src="/swagger/assets/page.js"></script>
</body>
</html>
`

const SCRIPT = `SwaggerUIBundle({
  url: "/swagger/json",
  dom_id: "#swagger",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
})
`

export function swaggerPage(): Response {
  return new Response(PAGE, {
    headers: { ...HEADERS, "content-type": "text/html;charset=utf-8" },
  })
}

/** Null: there is no such file. */
export function swaggerAsset(name: string): Response | null {
  switch (name) {
    case "swagger-ui-bundle.js":
      return asset(Bun.file(bundle), "text/javascript;charset=utf-8")
    case "swagger-ui.css":
      return asset(Bun.file(styles), "text/css;charset=utf-8")
    case "page.js":
      return asset(SCRIPT, "text/javascript;charset=utf-8")
    default:
      return null
  }
}

const asset = (body: Blob | string, type: string) =>
  new Response(body, { headers: { ...HEADERS, "content-type": type } })

const HEADERS = {
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-cache",
}
