import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { admin } from '../api/admin'
import { useWords } from '../i18n'
import { Warning } from '../ui/icons'
import { useMe } from './Entrance'

/** For an agency's people: in whose house they are, and whether they may launch in its name. On every screen of a tenant. */
export function Behalf({ tenant, name }: { tenant: string; name: string }) {
  return useMe().tenant == null ? <BehalfBand tenant={tenant} name={name} /> : null
}

function BehalfBand({ tenant, name }: { tenant: string; name: string }) {
  const { w, f } = useWords()
  const consent = useQuery(admin.consent(tenant))
  const given = consent.data?.consent
  return (
    <aside className="behalf" aria-label={w.agency.other}>
      <Warning size={18} />
      <p>
        <strong>{w.admin.behalf(name)}</strong> {consent.data && (given ? w.admin.behalfYes(f.day(given.until)) : w.admin.behalfNo)}
        <span className="behalf-way">
          <Link to="/">{w.agency.other}</Link>
        </span>
      </p>
    </aside>
  )
}
