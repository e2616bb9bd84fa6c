import { showError } from "../state/toasts"

/** Does what was asked for by a press, and says so where it could not be done. */
export function act(task: Promise<unknown>): void {
  task.catch(showError)
}
