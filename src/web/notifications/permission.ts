import { signal } from "@preact/signals"

/** `unsupported`: this browser has no notifications, or not for pages without https. */
export type Permission = NotificationPermission | "unsupported"

export const permission = signal<Permission>("default")

const isSupported = () => "Notification" in globalThis && isSecureContext

/** What the browser allows now; somebody may change it in its settings at any time. */
export function lookAtPermission(): void {
  permission.value = isSupported() ? Notification.permission : "unsupported"
}

/** Asks; only upon an act of somebody, or browsers refuse for good. */
export async function askPermission(): Promise<Permission> {
  if (isSupported()) await Notification.requestPermission()
  lookAtPermission()
  return permission.value
}
