import { useWords } from '../i18n'
import { inFrench } from './french'
import { Plain } from './plain'

/** What the API found wrong, in the reader's language as far as that is known; otherwise in English, and marked so. */
export function Said({ children }: { children: string }) {
  const { w } = useWords()
  const french = w.locale.startsWith('fr') ? inFrench(children) : undefined
  return french === undefined ? (
    <span lang="en">
      <Plain>{children}</Plain>
    </span>
  ) : (
    <Plain>{french}</Plain>
  )
}
