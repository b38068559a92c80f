import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useMay } from '../../app/Entrance'
import { useWords } from '../../i18n'

/** The head of every screen of this room: its title, its three sections, and what one can do here. */
export function Sections({ tenant, title, lead, children }: { tenant: string; title: string; lead?: ReactNode; children?: ReactNode }) {
  const { w } = useWords()
  const mayImport = useMay('tenant-admin', 'agency-admin')
  return (
    <header className="room-head">
      <nav className="room-nav" aria-label={w.contacts.sections}>
        <Link to="/t/$tenant/contacts" params={{ tenant }} activeOptions={{ exact: true, includeSearch: false }} className="room-link">
          {w.contacts.people}
        </Link>
        <Link to="/t/$tenant/contacts/lists" params={{ tenant }} className="room-link">
          {w.contacts.lists}
        </Link>
        {mayImport && (
          <Link to="/t/$tenant/contacts/imports" params={{ tenant }} className="room-link">
            {w.contacts.imports}
          </Link>
        )}
      </nav>
      <div className="room-title">
        <div>
          <h1>{title}</h1>
          {lead}
        </div>
        {children && <div className="room-acts">{children}</div>}
      </div>
    </header>
  )
}
