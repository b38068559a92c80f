import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useLocation, useParams } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { Menu, MenuItem, MenuSection, MenuTrigger, Popover, Header, Separator } from 'react-aria-components'
import { modeOf, titleOf } from '../api/model'
import { queries } from '../api/queries'
import { InZone, LANGUAGES, useWords } from '../i18n'
import { Button } from '../ui/controls'
import { Bell, Check, Cog, Home, Mark, People, Person, Plan, Pulse, Sheet } from '../ui/icons'
import { ModeTag } from '../ui/mode'
import { Behalf } from './Behalf'
import { useMay, useMe } from './Entrance'
import { PlatformBand } from './PlatformBand'
import { preferences, usePreferences, type Theme } from './preferences'
import { session } from './session'

/** What stays around every screen of a tenant: where one is, where one can go, and whatever is running. */
export function Shell() {
  const { w } = useWords()
  const { tenant } = useParams({ from: '/t/$tenant' })
  const known = useQuery(queries.tenant(tenant))
  const mayLaunch = useMay('activator', 'agency-admin')
  const mayRead = useMay('tenant-admin', 'activator', 'supervisor', 'agency-admin')
  const mayAdminister = useAdministration()
  const main = useRef<HTMLElement>(null)
  const { pathname } = useLocation()
  const first = useRef(true)
  useEffect(() => {
    // A new screen is read from its start; the first one is where the browser put us.
    if (!first.current) main.current?.focus({ preventScroll: true })
    first.current = false
  }, [pathname])

  return (
    <InZone timeZone={known.data?.timeZone}>
      <a className="skip" href="#content">
        {w.skip}
      </a>
      <header className="bar">
        <Link to="/t/$tenant" params={{ tenant }} className="bar-home">
          <Mark />
          <span className="bar-tenant">{known.data?.name ?? tenant}</span>
        </Link>
        <nav className="bar-nav" aria-label={w.nav.main}>
          <Link to="/t/$tenant" params={{ tenant }} activeOptions={{ exact: true }} className="bar-link">
            <Home />
            <span>{w.nav.home}</span>
          </Link>
          <Link to="/t/$tenant/alerts" params={{ tenant }} className="bar-link">
            <Pulse />
            <span>{w.nav.alerts}</span>
          </Link>
          {mayRead && (
            <Link to="/t/$tenant/contacts" params={{ tenant }} className="bar-link">
              <People />
              <span>{w.contacts.title}</span>
            </Link>
          )}
          <Link to="/t/$tenant/scenarios" params={{ tenant }} className="bar-link">
            <Plan />
            <span>{w.nav.scenarios}</span>
          </Link>
          <Link to="/t/$tenant/reports" params={{ tenant }} className="bar-link bar-wide">
            <Sheet />
            <span>{w.reports.title}</span>
          </Link>
          {mayAdminister && (
            <Link to="/t/$tenant/admin/$section" params={{ tenant, section: mayAdminister }} className="bar-link bar-wide">
              <Cog />
              <span>{w.admin.title}</span>
            </Link>
          )}
          {mayLaunch && (
            <Link to="/t/$tenant/launch" params={{ tenant }} className="bar-link bar-launch">
              <Bell />
              <span>{w.nav.launch}</span>
            </Link>
          )}
        </nav>
        <AccountMenu tenant={tenant} administration={mayAdminister} />
      </header>
      <PlatformBand />
      <Behalf tenant={tenant} name={known.data?.name ?? tenant} />
      <Running tenant={tenant} />
      <main className="page" id="content" tabIndex={-1} ref={main}>
        <Outlet />
      </main>
    </InZone>
  )
}

/**
 * Whatever runs is said on every screen that does not show it: quietly, for a band above a screen that has a mode of its own would be read
 * as that screen's.
 */
function Running({ tenant }: { tenant: string }) {
  const { w } = useWords()
  const { pathname } = useLocation()
  const alerts = useQuery(queries.alerts(tenant))
  const [, , , screen, which] = pathname.split('/')
  const [first, ...others] = (alerts.data?.items ?? []).filter(
    (alert) => (alert.state === 'RUNNING' || alert.state === 'PAUSED') && !(screen === 'alerts' && which === String(alert.alertId)),
  )
  if (!first || !screen || (screen === 'alerts' && !which)) return null
  return (
    <aside aria-label={w.home.now} className="running">
      <span className="running-now">{w.home.now}</span>
      <Link to="/t/$tenant/alerts/$alert" params={{ tenant, alert: first.alertId }} className="running-link">
        <ModeTag mode={modeOf(first.drill)} /> <span className="running-title">{titleOf(first)}</span>
      </Link>
      {others.length > 0 && (
        <Link to="/t/$tenant/alerts" params={{ tenant }} className="running-others">
          {w.home.others(others.length)}
        </Link>
      )}
    </aside>
  )
}

const THEMES: readonly Theme[] = ['system', 'light', 'dark']

/** The section of the administration somebody begins with; none for who may read nothing of it. */
function useAdministration(): 'users' | 'accounts' | undefined {
  const users = useMay('tenant-admin', 'agency-admin', 'operator', 'auditor')
  const accounts = useMay('supervisor')
  return users ? 'users' : accounts ? 'accounts' : undefined
}

function AccountMenu({ tenant, administration }: { tenant: string; administration: string | undefined }) {
  const { w } = useWords()
  const me = useMe()
  const { language, theme } = usePreferences()
  const chosen = (is: boolean) => <span className="menu-check">{is && <Check size={16} />}</span>
  return (
    <MenuTrigger>
      <Button kind="quiet" aria-label={w.menu.account} className="bar-account">
        <Person size={22} />
      </Button>
      <Popover className="popover" placement="bottom end">
        <p className="menu-me">
          {w.menu.signedInAs(me.name)}
          <span>{me.roles.map((role) => w.role[role] ?? role).join(', ')}</span>
        </p>
        <Menu className="menu" aria-label={w.menu.account}>
          <MenuSection
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[language]}
            onSelectionChange={(keys) => {
              const found = LANGUAGES.find(({ code }) => keys !== 'all' && keys.has(code))
              if (found) preferences.set({ language: found.code })
            }}
          >
            <Header className="menu-head">{w.menu.language}</Header>
            {LANGUAGES.map(({ code, name }) => (
              <MenuItem key={code} id={code} className="menu-item" textValue={name}>
                {chosen(code === language)}
                <span lang={code}>{name}</span>
              </MenuItem>
            ))}
          </MenuSection>
          <MenuSection
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[theme]}
            onSelectionChange={(keys) => {
              const found = THEMES.find((each) => keys !== 'all' && keys.has(each))
              if (found) preferences.set({ theme: found })
            }}
          >
            <Header className="menu-head">{w.menu.theme}</Header>
            {THEMES.map((each) => (
              <MenuItem key={each} id={each} className="menu-item" textValue={w.menu[each]}>
                {chosen(each === theme)}
                {w.menu[each]}
              </MenuItem>
            ))}
          </MenuSection>
          <Separator className="menu-line" />
          {/* Where the bar has no room for them. */}
          <MenuItem className="menu-item menu-narrow" href={`/t/${tenant}/reports`}>
            {chosen(false)}
            {w.reports.title}
          </MenuItem>
          {administration && (
            <MenuItem className="menu-item menu-narrow" href={`/t/${tenant}/admin/${administration}`}>
              {chosen(false)}
              {w.admin.title}
            </MenuItem>
          )}
          {me.tenant == null && (
            <MenuItem className="menu-item" href="/">
              {chosen(false)}
              {w.menu.otherTenant}
            </MenuItem>
          )}
          <MenuItem className="menu-item" onAction={() => void session.signOut()}>
            {chosen(false)}
            {w.menu.signOut}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
