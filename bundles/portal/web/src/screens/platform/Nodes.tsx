import { useQuery } from '@tanstack/react-query'
import { type ClusterView, type NodeView, platform } from '../../api/platform'
import { type Words, useWords } from '../../i18n'
import type { Format } from '../../i18n/format'
import { Notice, TroubleNotice } from '../../ui/notice'
import { Verdict } from '../../ui/verdict'

/** Every node that ever dispatched, at its site: whether it lives, what it runs, how it sees the database; above them, what is not as it should be. */
export function Nodes() {
  const { w, f } = useWords()
  const cluster = useQuery(platform.cluster())
  return (
    <section className="panel" aria-labelledby="platform-nodes">
      <h2 id="platform-nodes">{w.platform.section.nodes}</h2>
      {cluster.isError && <TroubleNotice trouble={cluster.error} retry={() => void cluster.refetch()} />}
      {cluster.isPending && <p className="quiet">{w.loading}</p>}
      {cluster.data && <p className="quiet">{w.platform.cluster[cluster.data.state] ?? cluster.data.state}</p>}
      {cluster.data?.conditions.map((condition) => (
        <ConditionNotice key={condition.code} condition={condition} />
      ))}
      <ul className="rows">
        {cluster.data?.nodes.map((node) => (
          <li key={node.name} className="row">
            <span className="row-main">
              <span className="row-title">{[node.name, node.site].filter(Boolean).join(' · ')}</span>
              <span className="row-hint figures">{lives(node, w, f)}</span>
              <span className="row-hint figures">{sees(node, w, f)}</span>
            </span>
            <Verdict tone={node.alive ? 'good' : 'bad'}>{node.alive ? w.platform.alive : w.platform.silent}</Verdict>
          </li>
        ))}
      </ul>
    </section>
  )
}

function ConditionNotice({ condition }: { condition: ClusterView['conditions'][number] }) {
  const { w, f } = useWords()
  const known = w.condition.states[condition.code]
  return (
    <Notice tone="warn" title={known?.what ?? condition.words}>
      <p>
        {known?.works ?? condition.stillWorks} {w.condition.since(f.clock(condition.since))}
      </p>
      <p className="quiet" lang="en">
        {condition.detail}
      </p>
    </Notice>
  )
}

const joined = (parts: (string | undefined | false)[]) => parts.filter(Boolean).join(' · ')

function lives(node: NodeView, w: Words, f: Format) {
  return joined([
    node.here && w.platform.answering,
    node.version && w.platform.release(node.version),
    node.startedAt && w.platform.started(f.day(node.startedAt), f.n(node.starts)),
    node.heartbeat && w.platform.heard(f.ago(node.heartbeat)),
    node.connected && w.platform.connected,
  ])
}

function sees(node: NodeView, w: Words, f: Format) {
  return joined([
    node.database && w.platform.database(w.platform.stands[node.database] ?? node.database),
    node.lagMillis != null && w.platform.lag(f.n(node.lagMillis)),
    node.clockOffsetMillis != null && Math.abs(node.clockOffsetMillis) >= 1_000 && w.platform.clock(f.n(Math.round(node.clockOffsetMillis / 1_000))),
    node.accounts.length > 0 && w.platform.inFlight(f.n(node.accounts.reduce((sum, account) => sum + account.inFlight, 0))),
  ])
}
