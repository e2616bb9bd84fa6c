export interface NamedProps {
  readonly shown: string
  readonly name: string
}

/** A word on a button that stands in a list, and for those who hear it what it is about as well. */
export function Named({ shown, name }: NamedProps) {
  return (
    <>
      <span aria-hidden="true">{shown}</span>
      <span class="visually-hidden">{name}</span>
    </>
  )
}
