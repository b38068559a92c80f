import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { admin, type AccountView } from '../../api/admin'
import { useMay } from '../../app/Entrance'
import { useWords } from '../../i18n'
import { Button } from '../../ui/controls'
import { ChannelIcon, Check, Cross, Warning } from '../../ui/icons'
import { Notice, TroubleNotice } from '../../ui/notice'
import { AccountForm } from './AccountForm'

/** What carries messages, the tenant's own and what its agency shares: health and traffic beside each. */
export function Accounts({ tenant }: { tenant: string }) {
  const { w } = useWords()
  const mayEdit = useMay('tenant-admin', 'agency-admin', 'operator')
  const ofAgency = useMay('agency-admin', 'operator')
  const accounts = useQuery(admin.accounts(tenant))
  const [editing, setEditing] = useState<AccountView | 'new'>()
  return (
    <section className="panel" aria-labelledby="admin-accounts">
      <header className="head-row">
        <h2 id="admin-accounts">{w.admin.accounts}</h2>
        {mayEdit && (
          <Button kind="primary" size="small" onPress={() => setEditing('new')}>
            {w.admin.account.new}
          </Button>
        )}
      </header>
      {accounts.isError && <TroubleNotice trouble={accounts.error} retry={() => void accounts.refetch()} />}
      {accounts.isPending && <p className="quiet">{w.loading}</p>}
      {accounts.data?.items.length === 0 && (
        <Notice tone="warn" title={w.admin.account.none}>
          <p>{w.admin.account.noneCure}</p>
        </Notice>
      )}
      <ul className="rows">
        {accounts.data?.items.map((view) => (
          <AccountRow key={view.account.id} view={view} mayEdit={mayEdit && (!view.shared || ofAgency)} onEdit={() => setEditing(view)} />
        ))}
      </ul>
      {editing && <AccountForm tenant={tenant} view={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />}
    </section>
  )
}

function AccountRow({ view, mayEdit, onEdit }: { view: AccountView; mayEdit: boolean; onEdit: () => void }) {
  const { w, f } = useWords()
  const { account, status, shared } = view
  const state = !account.enabled ? undefined : status?.health.state
  const tone = state === 'UP' ? 'good' : state === 'DEGRADED' ? 'warn' : 'bad'
  return (
    <li className="row user-row" data-off={!account.enabled || undefined}>
      <ChannelIcon channel={account.channel} size={22} />
      <span className="row-main">
        <span className="row-title">
          {account.slug} {shared && <span className="role">{w.admin.account.shared}</span>}
        </span>
        <span className="row-hint figures">
          {w.channel[account.channel] ?? account.channel}
          {status &&
            ` · ${[
              w.admin.account.rate(f.n(Math.round(status.ratePerSecond * 10) / 10)),
              status.lines ? w.admin.account.lines(f.n(status.lines.ours), f.n(status.lines.working)) : w.admin.account.inFlight(f.n(status.inFlight), f.n(status.window)),
            ].join(' · ')}`}
        </span>
        {status && status.health.state !== 'UP' && (
          <span className="row-hint" lang="en">
            {status.health.detail}
          </span>
        )}
      </span>
      <span className="tone" data-tone={account.enabled ? tone : 'plain'}>
        {account.enabled && (tone === 'good' ? <Check size={16} /> : tone === 'warn' ? <Warning size={16} /> : <Cross size={16} />)}
        {!account.enabled ? w.admin.account.disabled : status ? w.channelState[status.health.state] : w.admin.account.notOpen}
      </span>
      {mayEdit ? (
        <Button size="small" aria-label={w.admin.editOne(account.slug)} onPress={onEdit}>
          {w.admin.edit}
        </Button>
      ) : (
        <span className="no-act" />
      )}
    </li>
  )
}
