/** Languages that are offered; any other a scenario has is kept. */
export const LANGUAGE_TAGS = ['fr', 'en', 'de', 'es', 'it', 'pt', 'nl', 'pl', 'ro', 'tr', 'ar', 'uk', 'ru', 'zh', 'vi'] as const

/** As the reader's language calls it. */
export function languageName(tag: string, locale: string): string {
  try {
    const name = new Intl.DisplayNames(locale, { type: 'language' }).of(tag) ?? tag
    return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1)
  } catch {
    return tag
  }
}
