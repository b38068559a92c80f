import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router'
import type { Mode } from '../api/model'
import { LostScreen } from '../screens/Lost'
import { TenantsScreen } from '../screens/Tenants'
import { Shell } from './Shell'

const root = createRootRoute({ component: Outlet, notFoundComponent: LostScreen })

const start = createRoute({ getParentRoute: () => root, path: '/', component: TenantsScreen })

const tenant = createRoute({ getParentRoute: () => root, path: '/t/$tenant', component: Shell })

const home = createRoute({
  getParentRoute: () => tenant,
  path: '/',
  component: lazyRouteComponent(() => import('../screens/Home'), 'HomeScreen'),
})

const choose = createRoute({
  getParentRoute: () => tenant,
  path: '/launch',
  component: lazyRouteComponent(() => import('../screens/launch/LaunchScreen'), 'ChooseScreen'),
})

const launch = createRoute({
  getParentRoute: () => tenant,
  path: '/launch/$scenario',
  // The choice stands in the address: a reload asks nothing twice.
  validateSearch: (search: Record<string, unknown>): { mode?: Mode } =>
    search.mode === 'live' || search.mode === 'drill' ? { mode: search.mode } : {},
  component: lazyRouteComponent(() => import('../screens/launch/LaunchScreen'), 'LaunchScreen'),
})

const alerts = createRoute({
  getParentRoute: () => tenant,
  path: '/alerts',
  component: lazyRouteComponent(() => import('../screens/Alerts'), 'AlertsScreen'),
})

const board = createRoute({
  getParentRoute: () => tenant,
  path: '/alerts/$alert',
  params: { parse: ({ alert }) => ({ alert: Number(alert) }), stringify: ({ alert }) => ({ alert: String(alert) }) },
  component: lazyRouteComponent(() => import('../screens/board/BoardScreen'), 'BoardScreen'),
})

const followUp = createRoute({
  getParentRoute: () => tenant,
  path: '/alerts/$alert/follow-up/$kind',
  params: {
    parse: ({ alert, kind }) => ({ alert: Number(alert), kind: kind === 'correction' ? ('correction' as const) : ('all-clear' as const) }),
    stringify: ({ alert, kind }) => ({ alert: String(alert), kind }),
  },
  component: lazyRouteComponent(() => import('../screens/launch/FollowUpScreen'), 'FollowUpScreen'),
})

const people = createRoute({
  getParentRoute: () => tenant,
  path: '/contacts',
  // What is looked for stands in the address: a person's page leads back to it.
  validateSearch: (search: Record<string, unknown>): { q?: string; tag?: string; list?: string } => ({
    ...(typeof search.q === 'string' && search.q ? { q: search.q } : {}),
    ...(typeof search.tag === 'string' && search.tag ? { tag: search.tag } : {}),
    ...(typeof search.list === 'string' && search.list ? { list: search.list } : {}),
  }),
  component: lazyRouteComponent(() => import('../screens/contacts/PeopleScreen'), 'PeopleScreen'),
})
const newPerson = createRoute({
  getParentRoute: () => tenant,
  path: '/contacts/new',
  component: lazyRouteComponent(() => import('../screens/contacts/PersonScreen'), 'NewPersonScreen'),
})
const person = createRoute({
  getParentRoute: () => tenant,
  path: '/contacts/$contact',
  params: { parse: ({ contact }) => ({ contact: Number(contact) }), stringify: ({ contact }) => ({ contact: String(contact) }) },
  component: lazyRouteComponent(() => import('../screens/contacts/PersonScreen'), 'PersonScreen'),
})
const importing = createRoute({
  getParentRoute: () => tenant,
  path: '/contacts/import',
  component: lazyRouteComponent(() => import('../screens/imports/ImportScreen'), 'ImportScreen'),
})
const importRuns = createRoute({
  getParentRoute: () => tenant,
  path: '/contacts/imports',
  component: lazyRouteComponent(() => import('../screens/imports/ImportsScreen'), 'ImportsScreen'),
})
const importRun = createRoute({
  getParentRoute: () => tenant,
  path: '/contacts/imports/$run',
  params: { parse: ({ run }) => ({ run: Number(run) }), stringify: ({ run }) => ({ run: String(run) }) },
  component: lazyRouteComponent(() => import('../screens/imports/ImportRunScreen'), 'ImportRunScreen'),
})
const lists = createRoute({
  getParentRoute: () => tenant,
  path: '/contacts/lists',
  component: lazyRouteComponent(() => import('../screens/lists/ListsScreen'), 'ListsScreen'),
})
const newList = createRoute({
  getParentRoute: () => tenant,
  path: '/contacts/lists/new',
  // A list may begin with what an import gave its people.
  validateSearch: (search: Record<string, unknown>): { tag?: string } => (typeof search.tag === 'string' && search.tag ? { tag: search.tag } : {}),
  component: lazyRouteComponent(() => import('../screens/lists/ListScreen'), 'NewListScreen'),
})
const list = createRoute({
  getParentRoute: () => tenant,
  path: '/contacts/lists/$list',
  component: lazyRouteComponent(() => import('../screens/lists/ListScreen'), 'ListScreen'),
})

const scenarios = createRoute({
  getParentRoute: () => tenant,
  path: '/scenarios',
  component: lazyRouteComponent(() => import('../screens/scenarios/ScenariosScreen'), 'ScenariosScreen'),
})

const scenario = createRoute({
  getParentRoute: () => tenant,
  path: '/scenarios/$scenario',
  // What is begun stands in the address: a reload finds the same beginning.
  validateSearch: (search: Record<string, unknown>): { fresh?: boolean; name?: string; from?: string } => ({
    ...(search.fresh === true ? { fresh: true } : {}),
    ...(typeof search.name === 'string' ? { name: search.name.slice(0, 200) } : {}),
    ...(typeof search.from === 'string' ? { from: search.from } : {}),
  }),
  component: lazyRouteComponent(() => import('../screens/scenarios/EditorScreen'), 'EditorScreen'),
})

const scenarioVersions = createRoute({
  getParentRoute: () => tenant,
  path: '/scenarios/$scenario/versions',
  component: lazyRouteComponent(() => import('../screens/scenarios/VersionsScreen'), 'VersionsScreen'),
})

const reports = createRoute({
  getParentRoute: () => tenant,
  path: '/reports',
  component: lazyRouteComponent(() => import('../screens/reports/ReportsScreen'), 'ReportsScreen'),
})
const compare = createRoute({
  getParentRoute: () => tenant,
  path: '/reports/compare',
  // Which ones, by their numbers: 12.15.18
  validateSearch: (search: Record<string, unknown>): { of: string } => ({ of: String(search.of ?? '') }),
  component: lazyRouteComponent(() => import('../screens/reports/CompareScreen'), 'CompareScreen'),
})
const report = createRoute({
  getParentRoute: () => tenant,
  path: '/reports/$alert',
  params: { parse: ({ alert }) => ({ alert: Number(alert) }), stringify: ({ alert }) => ({ alert: String(alert) }) },
  component: lazyRouteComponent(() => import('../screens/reports/ReportScreen'), 'ReportScreen'),
})
const administration = createRoute({
  getParentRoute: () => tenant,
  path: '/admin/$section',
  component: lazyRouteComponent(() => import('../screens/admin/AdminScreen'), 'AdminScreen'),
})
const desk = createRoute({
  getParentRoute: () => root,
  path: '/agencies/$agency',
  component: lazyRouteComponent(() => import('../screens/agency/DeskScreen'), 'DeskScreen'),
})
const welcome = createRoute({
  getParentRoute: () => root,
  path: '/agencies/$agency/welcome',
  validateSearch: (search: Record<string, unknown>): { tenant?: string; step?: number } => ({
    ...(typeof search.tenant === 'string' ? { tenant: search.tenant } : {}),
    ...(Number(search.step) > 0 ? { step: Number(search.step) } : {}),
  }),
  component: lazyRouteComponent(() => import('../screens/agency/WelcomeScreen'), 'WelcomeScreen'),
})

const PLATFORM_SECTIONS = ['nodes', 'accounts', 'agencies', 'operators', 'runbooks', 'journal'] as const
type PlatformSection = (typeof PLATFORM_SECTIONS)[number]
const platform = createRoute({
  getParentRoute: () => root,
  path: '/platform/$section',
  params: {
    parse: ({ section }): { section: PlatformSection } => ({ section: PLATFORM_SECTIONS.find((each) => each === section) ?? 'nodes' }),
    stringify: ({ section }) => ({ section }),
  },
  component: lazyRouteComponent(() => import('../screens/platform/PlatformScreen'), 'PlatformScreen'),
})

const oneAgency = createRoute({
  getParentRoute: () => root,
  path: '/platform/agencies/$agency',
  component: lazyRouteComponent(() => import('../screens/platform/AgencyScreen'), 'AgencyScreen'),
})
const newAgency = createRoute({
  getParentRoute: () => root,
  path: '/platform/welcome',
  // How far one is stands in the address: each step is kept by the server, a reload goes on.
  validateSearch: (search: Record<string, unknown>): { agency?: string; step?: number } => ({
    ...(typeof search.agency === 'string' ? { agency: search.agency } : {}),
    ...(Number(search.step) > 0 ? { step: Number(search.step) } : {}),
  }),
  component: lazyRouteComponent(() => import('../screens/platform/NewAgencyScreen'), 'NewAgencyScreen'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    start,
    tenant.addChildren([
      home, choose, launch, alerts, board, followUp,
      people, newPerson, person, importing, importRuns, importRun, lists, newList, list,
      scenarios, scenario, scenarioVersions,
      reports, compare, report, administration,
    ]),
    desk,
    welcome,
    platform,
    oneAgency,
    newAgency,
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
