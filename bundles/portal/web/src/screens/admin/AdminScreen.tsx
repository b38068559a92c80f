import { Link, useParams } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import { caps } from '../../api/admin'
import { queries } from '../../api/queries'
import { useMay } from '../../app/Entrance'
import { useWords } from '../../i18n'
import { useTitle } from '../../ui/mode'
import { Notice } from '../../ui/notice'
import { Accounts } from './Accounts'
import { Caps } from './Caps'
import { Journal } from './Journal'
import { Keys } from './Keys'
import { Organisation } from './Organisation'
import { Users } from './Users'

const SECTIONS = ['users', 'accounts', 'keys', 'organisation', 'journal'] as const
export type Section = (typeof SECTIONS)[number]
export const isSection = (word: string): word is Section => (SECTIONS as readonly string[]).includes(word)

/** Which sections somebody may read; the API decides, this spares them refusals. */
function useSections(): Section[] {
  const administers = useMay('tenant-admin', 'agency-admin')
  const operates = useMay('operator')
  const audits = useMay('auditor')
  const watches = useMay('supervisor')
  return SECTIONS.filter((section) => {
    switch (section) {
      case 'users':
        return administers || operates || audits
      case 'accounts':
        return administers || operates || watches
      case 'keys':
        return administers
      case 'organisation':
        return administers || operates || audits
      case 'journal':
        return administers || audits
    }
  })
}

export function AdminScreen() {
  const { w } = useWords()
  const { tenant, section: asked } = useParams({ from: '/t/$tenant/admin/$section' })
  const sections = useSections()
  const section = sections.find((each) => each === asked) ?? sections[0]
  const known = useQuery(queries.tenant(tenant))
  useTitle(section ? `${w.admin[section]} · ${w.admin.title}` : w.admin.title)
  return (
    <>
      <h1>{w.admin.title}</h1>
      {!section ? (
        <Notice tone="plain" title={w.admin.mayNot}>
          <p>{w.admin.mayNotCure}</p>
        </Notice>
      ) : (
        <>
          <nav className="sections" aria-label={w.admin.sections}>
            {sections.map((each) => (
              <Link key={each} to="/t/$tenant/admin/$section" params={{ tenant, section: each }} className="section-link" aria-current={each === section ? 'page' : undefined}>
                {w.admin[each]}
              </Link>
            ))}
          </nav>
          {known.data?.source === 'files' && (section === 'users' || section === 'accounts') && <Notice tone="plain" title={w.admin.fromFiles} />}
          {section === 'users' && <Users tenant={tenant} />}
          {section === 'accounts' && (
            <>
              <Accounts tenant={tenant} />
              <Caps of={caps.tenant(tenant)} />
            </>
          )}
          {section === 'keys' && <Keys tenant={tenant} />}
          {section === 'organisation' && <Organisation tenant={tenant} />}
          {section === 'journal' && <Journal tenant={tenant} />}
        </>
      )}
    </>
  )
}
