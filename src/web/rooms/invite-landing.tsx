export function InviteLanding({ code }: { readonly code: string }) {
  return <p>{code}</p>
}
