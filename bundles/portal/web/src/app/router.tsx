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

export const router = createRouter({
  routeTree: root.addChildren([start, tenant.addChildren([home, choose, launch, alerts, board, scenarios, scenario, scenarioVersions])]),
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
