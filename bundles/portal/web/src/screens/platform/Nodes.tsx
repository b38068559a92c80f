import { useQuery } from '@tanstack/react-query'
import { platform } from '../../api/platform'
import { useWords } from '../../i18n'
import { TroubleNotice } from '../../ui/notice'
import { Verdict } from '../../ui/verdict'

/** Every node that ever dispatched: whether it lives, since when, and when it last said so. */
export function Nodes() {
  const { w, f } = useWords()
  const nodes = useQuery(platform.nodes())
  return (
    <section className="panel" aria-labelledby="platform-nodes">
      <h2 id="platform-nodes">{w.platform.section.nodes}</h2>
      {nodes.isError && <TroubleNotice trouble={nodes.error} retry={() => void nodes.refetch()} />}
      {nodes.isPending && <p className="quiet">{w.loading}</p>}
      <ul className="rows">
        {nodes.data?.items.map(({ node, answering }) => (
          <li key={node.name} className="row">
            <span className="row-main">
              <span className="row-title">{node.name}</span>
              <span className="row-hint figures">
                {[answering ? w.platform.answering : undefined, w.platform.started(f.day(node.startedAt), f.n(node.incarnation)), w.platform.heard(f.ago(node.heartbeat))]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </span>
            <Verdict tone={node.alive ? 'good' : 'bad'}>{node.alive ? w.platform.alive : w.platform.silent}</Verdict>
          </li>
        ))}
      </ul>
    </section>
  )
}
