import { queryOptions } from '@tanstack/react-query'
import type { AccountEdit as AccountBody, AccountView, Agency, CapView, CarrierAccount, ChannelSettings, ConsentView, KeyView, NewTenant, SealedSecret, Setting, Standing, TenantEdit, UserEdit, UserView } from '#schema'
import { api, ask, type Tenant } from './client'

export type { AccountView, Agency, CapView, CarrierAccount, ChannelSettings, ConsentView, KeyView, NewTenant, SealedSecret, Setting, Standing, UserView }
/** What making a key answers: its secret is in there and nowhere else. */
export type MadeKey = { keyId: string; secret: string }
/** @param secrets to be sealed, or forgotten where null; written only */
export type AccountEdit = { slug: string; channel: string; settings: Record<string, string>; secrets: Record<string, string | null>; rank?: number | undefined; messagesPerSecond?: number | undefined; enabled: boolean }

export const TENANT_ROLES = ['tenant-admin', 'activator', 'approver', 'supervisor', 'auditor'] as const

/** The API's description cannot say that null may stand in place of a secret. */
const described = (body: AccountEdit) => body as AccountBody

const version = (number: number) => ({ 'If-Match': `"${number}"` })

type CapEdit = { channels: string[]; prefixes: string[]; perSecond: number }
/** Whose caps are read and written. */
export type CapsOf = ReturnType<typeof ofTenant>

const ofTenant = (tenant: string) => ({
  /** Whether those that all tenants of an agency share are its own. */
  shares: false,
  list: queryOptions({
    queryKey: ['caps', 'tenant', tenant] as string[],
    queryFn: () => ask(api.GET('/tenants/{tenant}/caps', { params: { path: { tenant } } })),
    refetchInterval: 5_000,
  }),
  put: (cap: string, body: CapEdit): Promise<CapView> => ask(api.PUT('/tenants/{tenant}/caps/{cap}', { params: { path: { tenant, cap } }, body })),
  remove: (cap: string): Promise<unknown> => ask(api.DELETE('/tenants/{tenant}/caps/{cap}', { params: { path: { tenant, cap } } })),
})

/** Of all its tenants together. */
const ofAgency = (agency: string) => ({
  shares: true,
  list: queryOptions({
    queryKey: ['caps', 'agency', agency] as string[],
    queryFn: () => ask(api.GET('/agencies/{agency}/caps', { params: { path: { agency } } })),
    refetchInterval: 5_000,
  }),
  put: (cap: string, body: CapEdit): Promise<CapView> => ask(api.PUT('/agencies/{agency}/caps/{cap}', { params: { path: { agency, cap } }, body })),
  remove: (cap: string): Promise<unknown> => ask(api.DELETE('/agencies/{agency}/caps/{cap}', { params: { path: { agency, cap } } })),
})

export const caps: { tenant: (tenant: string) => CapsOf; agency: (agency: string) => CapsOf } = { tenant: ofTenant, agency: ofAgency }

/** Doors that answer with an ETag say nothing of their body in the API's description: what it is stands here. */
export const admin = {
  users: (tenant: string) =>
    queryOptions({ queryKey: [tenant, 'users'], queryFn: () => ask(api.GET('/tenants/{tenant}/users', { params: { path: { tenant } } })) }),
  makeUser: (tenant: string, body: UserEdit) => ask(api.POST('/tenants/{tenant}/users', { params: { path: { tenant } }, body })) as Promise<UserView>,
  saveUser: (tenant: string, user: UserView, body: UserEdit) =>
    ask(api.PUT('/tenants/{tenant}/users/{user}', { params: { path: { tenant, user: user.id }, header: version(user.version) }, body })) as Promise<UserView>,
  phone: (tenant: string, user: number) =>
    queryOptions({
      queryKey: [tenant, 'users', user, 'phone'],
      queryFn: () => ask(api.GET('/tenants/{tenant}/users/{user}/phone', { params: { path: { tenant, user } } })),
      retry: false,
    }),
  setPhone: (tenant: string, user: number, pin: string) =>
    ask(api.PUT('/tenants/{tenant}/users/{user}/phone', { params: { path: { tenant, user } }, body: { pin } })),
  removePhone: (tenant: string, user: number) => ask(api.DELETE('/tenants/{tenant}/users/{user}/phone', { params: { path: { tenant, user } } })),

  accounts: (tenant: string) =>
    queryOptions({
      queryKey: [tenant, 'accounts'],
      queryFn: () => ask(api.GET('/tenants/{tenant}/accounts', { params: { path: { tenant } } })),
      refetchInterval: 5_000,
    }),
  settings: (tenant: string) =>
    queryOptions({
      queryKey: [tenant, 'channels', 'settings'],
      queryFn: () => ask(api.GET('/tenants/{tenant}/channels/settings', { params: { path: { tenant } } })),
      staleTime: 300_000,
    }),
  makeAccount: (tenant: string, body: AccountEdit) => ask(api.POST('/tenants/{tenant}/accounts', { params: { path: { tenant } }, body: described(body) })) as Promise<CarrierAccount>,
  saveAccount: (tenant: string, account: CarrierAccount, body: AccountEdit) =>
    ask(api.PUT('/tenants/{tenant}/accounts/{account}', { params: { path: { tenant, account: account.id }, header: version(account.version) }, body: described(body) })) as Promise<CarrierAccount>,

  keys: (tenant: string) =>
    queryOptions({ queryKey: [tenant, 'keys'], queryFn: () => ask(api.GET('/tenants/{tenant}/keys', { params: { path: { tenant } } })) }),
  makeKey: (tenant: string, body: { label: string; roles: string[]; expiresAt?: string }) =>
    ask(api.POST('/tenants/{tenant}/keys', { params: { path: { tenant } }, body })) as unknown as Promise<MadeKey>,
  revokeKey: (tenant: string, key: string) => ask(api.DELETE('/tenants/{tenant}/keys/{key}', { params: { path: { tenant, key } } })),

  consent: (tenant: string) =>
    queryOptions({
      queryKey: [tenant, 'consent'],
      queryFn: () => ask(api.GET('/tenants/{tenant}/consent', { params: { path: { tenant } } })),
      refetchInterval: 30_000,
    }),
  grant: (tenant: string, lasting: string, note: string) =>
    ask(api.PUT('/tenants/{tenant}/consent', { params: { path: { tenant } }, body: { lasting, ...(note ? { note } : {}) } })),
  withdraw: (tenant: string) => ask(api.DELETE('/tenants/{tenant}/consent', { params: { path: { tenant } } })),

  saveTenant: (tenant: Tenant, body: TenantEdit) =>
    ask(api.PUT('/tenants/{tenant}', { params: { path: { tenant: tenant.slug }, header: version(tenant.version) }, body })) as Promise<Tenant>,

  agencies: () => queryOptions({ queryKey: ['agencies'], queryFn: () => ask(api.GET('/agencies')), staleTime: 60_000 }),
  standings: (agency: string, after: string | undefined) =>
    ask(api.GET('/agencies/{agency}/tenants', { params: { path: { agency }, query: { after } } })),
  makeTenant: (body: NewTenant) => ask(api.POST('/tenants', { body })) as Promise<Tenant>,
  suspend: (tenant: string, reason: string) => ask(api.POST('/tenants/{tenant}/suspension', { params: { path: { tenant } }, body: { reason } })),
  reinstate: (tenant: string) => ask(api.DELETE('/tenants/{tenant}/suspension', { params: { path: { tenant } } })),
}
