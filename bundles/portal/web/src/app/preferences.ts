import { useSyncExternalStore } from 'react'
import type { Language } from '../i18n/words'

export type Theme = 'system' | 'light' | 'dark'
export type Preferences = { language: Language; theme: Theme }

const KEY = 'tocsin.preferences'
const dark = window.matchMedia('(prefers-color-scheme: dark)')

/** How this browser likes its screens: no personal data, and not worth an account. */
class PreferenceStore {
  private now: Preferences = read()
  private readonly listeners = new Set<() => void>()

  constructor() {
    dark.addEventListener('change', () => this.apply())
    this.apply()
  }

  readonly get = () => this.now
  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener)
    return () => {
      this.listeners.delete(listener)
    }
  }

  set(change: Partial<Preferences>): void {
    this.now = { ...this.now, ...change }
    try {
      localStorage.setItem(KEY, JSON.stringify(this.now))
    } catch {
      // A browser that keeps nothing shows what was chosen until it is closed.
    }
    this.apply()
    this.listeners.forEach((listener) => listener())
  }

  private apply(): void {
    const isDark = this.now.theme === 'dark' || (this.now.theme === 'system' && dark.matches)
    document.documentElement.dataset.theme = isDark ? 'dark' : 'light'
  }
}

function read(): Preferences {
  let stored: Partial<Preferences> = {}
  try {
    stored = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Preferences>
  } catch {
    // What cannot be read was never chosen.
  }
  return {
    language: stored.language === 'en' || stored.language === 'fr' ? stored.language : navigator.language.startsWith('fr') ? 'fr' : 'en',
    theme: stored.theme === 'light' || stored.theme === 'dark' ? stored.theme : 'system',
  }
}

export const preferences = new PreferenceStore()
export const usePreferences = () => useSyncExternalStore(preferences.subscribe, preferences.get)
