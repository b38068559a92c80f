import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { operators, platform } from '../../api/platform'
import { useMay } from '../../app/Entrance'
import { useWords } from '../../i18n'
import { Button } from '../../ui/controls'
import { useTitle } from '../../ui/mode'
import { Notice, TroubleNotice } from '../../ui/notice'
import { EntryLines } from '../admin/EntryLines'
import { DeskFrame } from '../agency/DeskScreen'
import { Accounts } from './Accounts'
import { Agencies } from './Agencies'
import { Nodes } from './Nodes'
import { Runbooks } from './Runbooks'
import { StaffPanel } from './StaffPanel'

const SECTIONS = ['nodes', 'accounts', 'agencies', 'operators', 'runbooks', 'journal'] as const

/** The platform as those see it who run it: nodes, carriers, agencies with what their tenants use, and its own journal. */
export function PlatformScreen() {
  const { w } = useWords()
  const { section } = useParams({ from: '/platform/$section' })
  const may = useMay('operator')
  useTitle(`${w.platform.title} · ${w.platform.section[section]}`)
  return (
    <DeskFrame title={w.platform.title}>
      <h1>{w.platform.title}</h1>
      {!may ? (
        <Notice tone="warn" title={w.platform.mayNot} />
      ) : (
        <>
          <nav className="sections" aria-label={w.platform.title}>
            {SECTIONS.map((each) => (
              <Link key={each} to="/platform/$section" params={{ section: each }} className="section-link">
                {w.platform.section[each]}
              </Link>
            ))}
          </nav>
          {section === 'nodes' && <Nodes />}
          {section === 'accounts' && <Accounts />}
          {section === 'agencies' && <Agencies />}
          {section === 'operators' && <StaffPanel title={w.platform.operatorsTitle} lead={w.platform.operatorsLead} staff={operators()} />}
          {section === 'runbooks' && <Runbooks />}
          {section === 'journal' && <PlatformJournal />}
        </>
      )}
    </DeskFrame>
  )
}

function PlatformJournal() {
  const { w, f } = useWords()
  const integrity = useQuery(platform.integrity())
  const journal = useInfiniteQuery({
    queryKey: ['platform', 'journal'],
    queryFn: ({ pageParam }) => platform.journal(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  })
  const entries = journal.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <section className="panel" aria-labelledby="platform-journal">
      <h2 id="platform-journal">{w.platform.section.journal}</h2>
      <p className="quiet">{w.platform.journalLead}</p>
      {integrity.data &&
        (integrity.data.whole ? <Notice tone="good" title={w.reports.whole} /> : <Notice tone="bad" title={w.reports.broken(f.n(integrity.data.firstBroken ?? 0))} live />)}
      {journal.isError && <TroubleNotice trouble={journal.error} retry={() => void journal.refetch()} />}
      {journal.isPending && <p className="quiet">{w.loading}</p>}
      <EntryLines entries={entries} />
      {journal.hasNextPage && (
        <Button size="small" onPress={() => void journal.fetchNextPage()} isDisabled={journal.isFetchingNextPage}>
          {w.agency.more}
        </Button>
      )}
    </section>
  )
}
