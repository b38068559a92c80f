import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react'
import { I18nProvider } from 'react-aria-components'
import { preferences, usePreferences } from '../app/preferences'
import { formatOf, type Format } from './format'
import { fr } from './fr'
import type { Language, Words } from './words'

export type { Language, Words } from './words'
export const LANGUAGES: readonly { code: Language; name: string }[] = [
  { code: 'fr', name: 'Français' },
  { code: 'en', name: 'English' },
]

const Spoken = createContext<{ w: Words; f: Format }>({ w: fr, f: formatOf(fr.locale) })

/** The words and the way of writing figures. French is there at once, another language when it has come. */
export const useWords = () => useContext(Spoken)

const loaders: Record<Language, () => Promise<Words>> = {
  fr: async () => fr,
  en: async () => (await import('./en')).en,
}

export function Speaking({ children }: { children: ReactNode }) {
  const { language } = usePreferences()
  const [words, setWords] = useState<Words>(fr)
  useEffect(() => {
    let wanted = true
    void loaders[language]()
      .then((found) => wanted && setWords(found))
      .catch(() => preferences.set({ language: 'fr' }))
    return () => {
      wanted = false
    }
  }, [language])
  useEffect(() => {
    document.documentElement.lang = words.locale.slice(0, 2)
  }, [words])
  const spoken = useMemo(() => ({ w: words, f: formatOf(words.locale) }), [words])
  // Nothing is shown in one language to be replaced by another.
  if (!words.locale.startsWith(language)) return null
  return (
    <I18nProvider locale={words.locale}>
      <Spoken value={spoken}>{children}</Spoken>
    </I18nProvider>
  )
}

/** Times as the tenant's clock shows them, for everybody alike. */
export function InZone({ timeZone, children }: { timeZone: string | undefined; children: ReactNode }) {
  const { w } = useWords()
  const spoken = useMemo(() => ({ w, f: formatOf(w.locale, known(timeZone)) }), [w, timeZone])
  return <Spoken value={spoken}>{children}</Spoken>
}

function known(timeZone: string | undefined): string | undefined {
  try {
    return timeZone && new Intl.DateTimeFormat('fr', { timeZone }) ? timeZone : undefined
  } catch {
    return undefined
  }
}
