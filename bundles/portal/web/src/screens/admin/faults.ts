import { Trouble } from '../../api/trouble'
import { inFrench } from '../../ui/french'

/** What the server says of one field, if it is what was refused; the rest is for the notice. */
export function faultOf(trouble: unknown, ...fields: string[]): string | undefined {
  if (!(trouble instanceof Trouble)) return undefined
  const problem = trouble.problem?.errors?.find((error) => fields.includes(error.field))?.problem
  return problem !== undefined && document.documentElement.lang === 'fr' ? (inFrench(problem) ?? problem) : problem
}
