import { Eye, EyeOff } from "lucide"
import { useState } from "preact/hooks"
import { t } from "../strings"
import { IconButton } from "../ui/icon-button"
import { TextInput } from "../ui/input"

export interface PasswordInputProps {
  readonly value: string
  readonly onInput: (value: string) => void
  /** Tells password managers whether to fill one in or to make one. */
  readonly autocomplete: "current-password" | "new-password"
}

/** A password that one may look at while writing it. Within a `Field`. */
export function PasswordInput({ value, onInput, autocomplete }: PasswordInputProps) {
  const [isShown, setShown] = useState(false)
  const { signIn } = t()
  return (
    <div class="password-input">
      <TextInput
        type={isShown ? "text" : "password"}
        name="password"
        autocomplete={autocomplete}
        autocapitalize="none"
        spellcheck={false}
        value={value}
        onInput={onInput}
      />
      <IconButton
        icon={isShown ? EyeOff : Eye}
        label={isShown ? signIn.hidePassword : signIn.showPassword}
        onClick={() => setShown(!isShown)}
      />
    </div>
  )
}
