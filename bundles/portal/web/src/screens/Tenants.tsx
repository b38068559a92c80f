import { useQuery } from '@tanstack/react-query'
import { Link, Navigate } from '@tanstack/react-router'
import { queries } from '../api/queries'
import { useMe } from '../app/Entrance'
import { useWords } from '../i18n'
import { Mark, Right } from '../ui/icons'
import { useTitle } from '../ui/mode'
import { Notice, TroubleNotice } from '../ui/notice'

/** A tenant's own people go home at once; who serves several chooses. */
export function TenantsScreen() {
  const me = useMe()
  if (me.tenant) return <Navigate to="/t/$tenant" params={{ tenant: me.tenant }} replace />
  if (me.agency && me.roles.includes('agency-admin')) return <Navigate to="/agencies/$agency" params={{ agency: me.agency }} replace />
  if (me.roles.includes('operator')) return <Navigate to="/platform/$section" params={{ section: 'nodes' }} replace />
  return <ChooseTenant />
}

function ChooseTenant() {
  const { w } = useWords()
  const tenants = useQuery(queries.tenants())
  useTitle(w.tenants.title)
  return (
    <main className="page page-narrow" id="content" tabIndex={-1}>
      <Mark size={44} />
      <h1>{w.tenants.title}</h1>
      {tenants.isError && <TroubleNotice trouble={tenants.error} retry={() => void tenants.refetch()} />}
      {tenants.data?.items.length === 0 && (
        <Notice tone="plain" title={w.tenants.none}>
          <p>{w.tenants.noneCure}</p>
        </Notice>
      )}
      <ul className="rows panel">
        {tenants.data?.items.map((tenant) => (
          <li key={tenant.slug}>
            <Link to="/t/$tenant" params={{ tenant: tenant.slug! }} className="row row-link">
              <span className="row-main row-title">{tenant.name}</span>
              <Right size={18} />
            </Link>
          </li>
        ))}
      </ul>
    </main>
  )
}
