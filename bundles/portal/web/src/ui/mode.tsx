import { useEffect, type ReactNode } from 'react'
import type { Mode } from '../api/model'
import { useWords } from '../i18n'
import { ModeIcon } from './icons'

/**
 * The real thing or an exercise, in five ways at once: colour, pattern, border all around the window, wording with its sign, and the
 * page's title with its icon.
 */
export function Moded({ mode, title, children }: { mode: Mode | undefined; title: string; children: ReactNode }) {
  const { w } = useWords()
  useTitle(mode ? `${w.mode[mode].title} · ${title}` : title)
  useEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]')
    if (icon) icon.href = mode ? `/favicon-${mode}.svg` : '/favicon.svg'
    if (mode) document.documentElement.dataset.mode = mode
    return () => {
      if (icon) icon.href = '/favicon.svg'
      delete document.documentElement.dataset.mode
    }
  }, [mode])
  return (
    <>
      {mode && <div className="frame" aria-hidden />}
      {children}
    </>
  )
}

export function useTitle(title: string) {
  useEffect(() => {
    document.title = `${title} · Tocsin`
  }, [title])
}

export function ModeBand({ mode, children }: { mode: Mode; children?: ReactNode }) {
  const { w } = useWords()
  return (
    <div className="band" data-mode={mode}>
      <p className="band-word">
        <ModeIcon mode={mode} size={26} />
        {w.mode[mode].word}
      </p>
      {children && <div className="band-more">{children}</div>}
    </div>
  )
}

export function ModeTag({ mode }: { mode: Mode }) {
  const { w } = useWords()
  return (
    <span className="mode-tag" data-mode={mode}>
      <ModeIcon mode={mode} size={15} />
      {w.mode[mode].short}
    </span>
  )
}
