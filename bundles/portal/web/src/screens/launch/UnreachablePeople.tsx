import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Preview } from '../../api/model'
import { useWords } from '../../i18n'
import { Button } from '../../ui/controls'
import { Notice } from '../../ui/notice'
import { Plain } from '../../ui/plain'
import { EveryUnreachable, type UnreachablePages } from './EveryUnreachable'

/** Whom no step reaches, by what they could be, and who they are: the first of them with the check, everybody when asked for. */
export function UnreachablePeople({ tenant, unreachable, pages }: { tenant: string; unreachable: Preview['unreachable']; pages: UnreachablePages }) {
  const { w, f } = useWords()
  const [all, setAll] = useState(false)
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
          {all ? (
            <EveryUnreachable tenant={tenant} people={unreachable.people} pages={pages} />
          ) : (
            <>
              <ul className="name-list">
                {unreachable.first.map((person) => (
                  <li key={person.contactId}>
                    <Link to="/t/$tenant/contacts/$contact" params={{ tenant, contact: person.contactId }}>
                      <Plain>{person.name}</Plain>
                    </Link>
                  </li>
                ))}
              </ul>
              {unreachable.people > unreachable.first.length && (
                <p className="figures">
                  <span className="quiet">{w.unreachable.more(f.n(unreachable.people - unreachable.first.length))}</span>{' '}
                  <Button size="small" onPress={() => setAll(true)}>
                    {w.unreachable.all(f.n(unreachable.people))}
                  </Button>
                </p>
              )}
            </>
          )}
        </details>
      )}
    </Notice>
  )
}
