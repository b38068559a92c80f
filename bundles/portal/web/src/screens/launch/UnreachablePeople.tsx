import { Link } from '@tanstack/react-router'
import type { Preview } from '../../api/model'
import { useWords } from '../../i18n'
import { Notice } from '../../ui/notice'
import { Plain } from '../../ui/plain'

/** Whom no step reaches, by what they could be, and who they are. */
export function UnreachablePeople({ tenant, unreachable }: { tenant: string; unreachable: Preview['unreachable'] }) {
  const { w, f } = useWords()
  if (unreachable.people === 0) return null
  return (
    <Notice tone="warn" title={w.unreachable.title(f.n(unreachable.people), unreachable.people)}>
      <ul className="notice-list figures">
        {Object.entries(unreachable.otherwise)
          .sort(([, one], [, other]) => other - one)
          .map(([kind, people]) => (
            <li key={kind}>{w.unreachable.otherwise(f.n(people), w.unreachable.kind[kind] ?? kind)}</li>
          ))}
        {unreachable.nowhere > 0 && <li>{w.unreachable.nowhere(f.n(unreachable.nowhere))}</li>}
      </ul>
      {unreachable.first.length > 0 && (
        <details>
          <summary>{w.unreachable.who}</summary>
          <ul className="name-list">
            {unreachable.first.map((person) => (
              <li key={person.contactId}>
                <Link to="/t/$tenant/contacts/$contact" params={{ tenant, contact: person.contactId }}>
                  <Plain>{person.name}</Plain>
                </Link>
              </li>
            ))}
          </ul>
          {unreachable.people > unreachable.first.length && <p className="quiet figures">{w.unreachable.more(f.n(unreachable.people - unreachable.first.length))}</p>}
        </details>
      )}
    </Notice>
  )
}
