import { OF_LAUNCHES } from '../../ui/frenchOfLaunches'

/** @return undefined where it is not known here */
export function inFrench(problem: string): string | undefined {
  const found = OF_LAUNCHES.find(([pattern]) => pattern.test(problem))
  return found && problem.replace(found[0], found[1]).replaceAll('« ', '«\u00a0').replaceAll(' »', '\u00a0»')
}

/** In the reader's language as far as it is known; English is marked so. */
export function said(problem: string, locale: string): { text: string; lang?: 'en' } {
  const french = locale.startsWith('fr') ? inFrench(problem) : undefined
  return french !== undefined ? { text: french } : { text: problem, lang: 'en' }
}
