import { Link } from '@tanstack/react-router'
import { useWords } from '../i18n'
import { useTitle } from '../ui/mode'

export function LostScreen() {
  const { w } = useWords()
  useTitle(w.lost.title)
  return (
    <main className="page page-narrow" id="content" tabIndex={-1}>
      <h1>{w.lost.title}</h1>
      <p>{w.lost.cure}</p>
      <p>
        <Link to="/">{w.lost.home}</Link>
      </p>
    </main>
  )
}
