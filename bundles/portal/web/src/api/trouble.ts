import type { Problem as Described } from '#schema'

/** What the server names its refusals by: its own list, by way of the API's description. */
export type ProblemCode = Described['code']

/** An answer of application/problem+json (RFC 9457), as far as it can be trusted: a proxy in between may have written it. */
export type Problem = {
  type?: string
  code?: string
  title?: string
  status?: number
  detail?: string
  errors?: { field: string; problem: string }[]
}

export type TroubleKind =
  | 'offline'
  | 'unavailable'
  | 'broken'
  | 'signed-out'
  | 'forbidden'
  | 'gone'
  | 'refused'
  | 'changed'
  | 'too-much'

/** What went wrong, in the few kinds a person can do something about. The words for them are in i18n. */
export class Trouble extends Error {
  readonly kind: TroubleKind
  readonly problem: Problem | undefined

  constructor(kind: TroubleKind, problem?: Problem) {
    super(problem?.detail ?? kind)
    this.name = 'Trouble'
    this.kind = kind
    this.problem = problem
  }

  static of(status: number, problem?: Problem): Trouble {
    const said = typeof problem === 'object' && problem !== null ? problem : undefined
    // What is not there is said by the API in its own way; any other 404 is a node whose API is not open yet.
    return new Trouble(status === 404 && !said?.type ? 'unavailable' : kindOf(status), said)
  }

  /** Whether asking again, unchanged, may well succeed. */
  get passes(): boolean {
    return this.kind === 'offline' || this.kind === 'unavailable' || this.kind === 'broken'
  }
}

function kindOf(status: number): TroubleKind {
  switch (status) {
    case 401:
      return 'signed-out'
    case 403:
      return 'forbidden'
    case 404:
      return 'gone'
    case 409:
    case 412:
    case 428:
      return 'changed'
    case 413:
    case 429:
      return 'too-much'
    case 502:
    case 503:
    case 504:
      return 'unavailable'
    default:
      return status >= 500 ? 'broken' : 'refused'
  }
}
