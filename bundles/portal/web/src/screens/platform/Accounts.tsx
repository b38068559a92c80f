import { useQuery } from '@tanstack/react-query'
import { seconds } from '../../api/duration'
import { platform, type AccountHealth } from '../../api/platform'
import { useWords } from '../../i18n'
import { ChannelIcon } from '../../ui/icons'
import { Notice, TroubleNotice } from '../../ui/notice'
import { Said } from '../../ui/said'
import { Verdict } from '../../ui/verdict'

const WORST = { DOWN: 0, DEGRADED: 1, UP: 2 } as const
const TONE = { DOWN: 'bad', DEGRADED: 'warn', UP: 'good' } as const

/** Every enabled account of every agency and tenant, the ill ones first. */
export function Accounts() {
  const { w } = useWords()
  const accounts = useQuery(platform.accounts())
  const items = [...(accounts.data?.items ?? [])].sort((one, other) => WORST[one.status.health.state] - WORST[other.status.health.state])
  return (
    <section className="panel" aria-labelledby="platform-accounts">
      <h2 id="platform-accounts">{w.platform.section.accounts}</h2>
      <p className="quiet">{w.platform.accountsLead}</p>
      {accounts.isError && <TroubleNotice trouble={accounts.error} retry={() => void accounts.refetch()} />}
      {accounts.isPending && <p className="quiet">{w.loading}</p>}
      {accounts.data && items.length === 0 && <Notice tone="plain" title={w.platform.noAccount} />}
      <ul className="rows">
        {items.map((account) => (
          <Account key={account.status.accountId} account={account} />
        ))}
      </ul>
    </section>
  )
}

function Account({ account: { status, traffic } }: { account: AccountHealth }) {
  const { w, f } = useWords()
  const { state, detail } = status.health
  return (
    <li className="row">
      <ChannelIcon channel={status.channel} />
      <span className="row-main">
        <span className="row-title">{status.name}</span>
        <span className="row-hint figures">
          {[
            w.channel[status.channel] ?? status.channel,
            status.lines ? w.home.channelLines(f.n(status.lines.working)) : undefined,
            w.platform.inFlight(f.n(status.inFlight)),
            w.platform.accepted(f.n(traffic?.counts.accepted ?? 0)),
            traffic?.median ? w.platform.median(f.n(Math.round(seconds(traffic.median) * 1000))) : undefined,
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
        {state !== 'UP' && detail && (
          <span className="row-hint">
            <Said>{detail}</Said>
          </span>
        )}
      </span>
      <Verdict tone={TONE[state]}>{w.channelState[state]}</Verdict>
    </li>
  )
}
