import { t } from "../strings"

export function SignIn() {
  return <h1>{t().signIn.title}</h1>
}
