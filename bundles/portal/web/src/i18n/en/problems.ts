import type { ProblemCode } from '../../api/trouble'

export const problems: Record<ProblemCode, { what: string; cure: string }> = {
  malformed: { what: 'The request is badly written.', cure: 'This screen is at fault: hand what is said below to your agency.' },
  unauthenticated: { what: 'You are no longer signed in.', cure: 'Sign in again.' },
  'sign-in-failed': { what: 'Login or password refused.', cure: 'Check both; after five tries, wait a minute.' },
  forbidden: { what: 'Your role does not allow this.', cure: 'Ask an administrator.' },
  'people-only': { what: 'An API key is not enough here.', cure: 'Sign in as a person.' },
  'not-found': { what: 'Not found.', cure: 'It does not exist, or is not open to you.' },
  stale: { what: 'Somebody else has changed the same thing.', cure: 'Reload, then go on.' },
  'too-large': { what: 'It is more than is taken at once.', cure: 'Make it smaller, then try again; the limit is said below.' },
  refused: { what: 'The request cannot be accepted as it is.', cure: 'Correct what is listed below.' },
  'if-match-required': { what: 'This screen did not say which version it is based on.', cure: 'Reload the page, then go on.' },
  'idempotency-key-required': { what: 'This screen did not say whether this is a repetition.', cure: 'Reload the page, then go on: nothing has been sent.' },
  'client-left': { what: 'The line closed before the answer.', cure: 'Reload the page to see what is done.' },
  internal: { what: 'The server met an error.', cure: 'Try again; if it persists, give your agency the number below.' },
  'database-unavailable': { what: 'The database does not answer.', cure: 'Try again in a few seconds: what may be done already is not done twice.' },
  'disk-full': { what: 'The database has no space left.', cure: 'Tell those who run the platform, then try again. Nothing will leave later by itself.' },
  'no-writes': { what: 'The database takes no writes just now.', cure: 'Try again; if it lasts longer than a minute, tell those who run the platform. Nothing will leave later by itself.' },
  'cannot-read': { what: 'Documents cannot be looked at just now.', cure: 'Try again in a minute; else hand what is said below to those who run the platform.' },
  'cannot-speak': { what: 'Nothing can be spoken just now.', cure: 'Hand what is said below to those who run the platform; other channels are not touched.' },
  'cannot-decode': { what: 'Sounds cannot be read just now.', cure: 'Hand what is said below to those who run the platform.' },
  http: { what: 'The server does not know this request.', cure: 'Reload the page: it may be of another release than the server.' },
}
