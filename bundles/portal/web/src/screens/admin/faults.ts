import { Trouble } from '../../api/trouble'

/** What the server says of one field, if it is what was refused; the rest is for the notice. */
export function faultOf(trouble: unknown, ...fields: string[]): string | undefined {
  if (!(trouble instanceof Trouble)) return undefined
  return trouble.problem?.errors?.find((error) => fields.includes(error.field))?.problem
}
