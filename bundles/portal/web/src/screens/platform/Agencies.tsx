import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { platform, type Agency } from '../../api/platform'
import { useWords } from '../../i18n'
import { Button } from '../../ui/controls'
import { Notice, TroubleNotice } from '../../ui/notice'
import { Plain } from '../../ui/plain'

/** Each agency with its tenants: what they may do, and what they use. */
export function Agencies() {
  const { w } = useWords()
  const agencies = useQuery(platform.agencies())
  return (
    <>
      {agencies.isError && <TroubleNotice trouble={agencies.error} retry={() => void agencies.refetch()} />}
      {agencies.isPending && <p className="quiet">{w.loading}</p>}
      <p className="agencies-new">
        <Link to="/platform/welcome" className="button button-primary">
          {w.platform.agency.new}
        </Link>
      </p>
      {agencies.data?.items.length === 0 && (
        <Notice tone="plain" title={w.platform.agency.none}>
          <p>{w.platform.agency.noneCure}</p>
        </Notice>
      )}
      {agencies.data?.items.map((agency) => (
        <OfAgency key={agency.slug} agency={agency} />
      ))}
    </>
  )
}

function OfAgency({ agency }: { agency: Agency }) {
  const { w, f } = useWords()
  const tenants = useInfiniteQuery({
    queryKey: ['platform', 'agencies', agency.slug],
    queryFn: ({ pageParam }) => platform.tenants(agency.slug, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  })
  const items = tenants.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <section className="panel" aria-labelledby={`agency-${agency.slug}`}>
      <div className="head-row">
        <h2 id={`agency-${agency.slug}`}>
          <Plain>{agency.name}</Plain>
        </h2>
        <span className="buttons">
          <Link to="/platform/agencies/$agency" params={{ agency: agency.slug }} className="button button-plain button-small">
            {w.platform.agency.manage(agency.name)}
          </Link>
          <Link to="/agencies/$agency" params={{ agency: agency.slug }} className="button button-plain button-small">
            {w.platform.desk(agency.name)}
          </Link>
        </span>
      </div>
      <p className="quiet figures">{w.platform.share(f.n(agency.weight))}</p>
      {agency.state === 'suspended' && (
        <Notice tone="warn" title={w.platform.agency.suspendedNotice}>
          <p>{w.platform.agency.suspendedCure}</p>
        </Notice>
      )}
      {tenants.isError && <TroubleNotice trouble={tenants.error} retry={() => void tenants.refetch()} />}
      {tenants.isPending && <p className="quiet">{w.loading}</p>}
      {tenants.isSuccess && items.length === 0 && <p className="quiet">{w.agency.none}</p>}
      {items.length > 0 && (
        <div className="table-region" role="region" aria-label={w.platform.tenantsOf(agency.name)} tabIndex={0}>
          <table className="wide-table small-table figures">
            <thead>
              <tr>
                <th scope="col">{w.platform.tenant}</th>
                <th scope="col">{w.agency.contacts}</th>
                <th scope="col">{w.platform.recipients}</th>
                <th scope="col">{w.platform.running}</th>
                <th scope="col">{w.platform.alerts}</th>
                <th scope="col">{w.platform.messages}</th>
                <th scope="col">{w.platform.weight}</th>
              </tr>
            </thead>
            <tbody>
              {items.map(({ tenant, contacts, usage }) => (
                <tr key={tenant.slug}>
                  <th scope="row">
                    <Link to="/t/$tenant" params={{ tenant: tenant.slug }}>
                      <Plain>{tenant.name}</Plain>
                    </Link>
                    {tenant.state === 'suspended' && ` (${w.agency.suspended})`}
                  </th>
                  <td>{w.agency.ofQuota(f.n(contacts), f.n(tenant.maxContacts))}</td>
                  <td>{f.n(tenant.maxRecipients)}</td>
                  <td>{w.agency.ofQuota(f.n(usage.running), f.n(tenant.maxRunningAlerts))}</td>
                  <td>{f.n(usage.alerts + usage.drills)}</td>
                  <td>
                    {f.n(usage.messages)}
                    {usage.parts > usage.messages && ` ${w.kin.billed(f.n(usage.parts))}`}
                  </td>
                  <td>{f.n(tenant.weight)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {tenants.hasNextPage && (
        <Button size="small" onPress={() => void tenants.fetchNextPage()} isDisabled={tenants.isFetchingNextPage}>
          {w.agency.more}
        </Button>
      )}
    </section>
  )
}
