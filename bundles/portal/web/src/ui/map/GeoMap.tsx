import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query'
import { Component, lazy, Suspense, useState, type ReactNode } from 'react'
import type { Box, PeopleMap } from '../../api/place'
import { api, ask } from '../../api/client'
import { useWords } from '../../i18n'
import { Notice } from '../notice'
import type { CanvasProps } from './Canvas'
import type { MapSettings } from './style'

const Canvas = lazy(() => import('./Canvas'))

/** What the operator says about maps, out of a file beside the page: none of it is a tenant's. */
const settings = queryOptions({
  queryKey: ['map'],
  queryFn: async (): Promise<MapSettings> => {
    const answer = await fetch('/map.json', { headers: { Accept: 'application/json' } })
    const said = answer.ok ? ((await answer.json()) as MapSettings) : {}
    // Behind the same door as the page: a worker that fetches them has no address to begin from.
    return said.tiles?.startsWith('/') ? { ...said, tiles: location.origin + said.tiles } : said
  },
  staleTime: Infinity,
})

/** @param box what is seen; undefined: wherever anybody lives */
export const peopleMap = (tenant: string, box: Box | undefined) =>
  queryOptions({
    queryKey: [tenant, 'contacts', 'map', box],
    queryFn: ({ signal }): Promise<PeopleMap> => ask(api.GET('/tenants/{tenant}/contact-map', { params: { path: { tenant }, query: box ?? {} }, signal })) as Promise<PeopleMap>,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    gcTime: 60_000,
  })

/** A map with the tenant's people on it, gathered where there are many. */
export function GeoMap({ tenant, maySee, ...rest }: Omit<CanvasProps, 'settings' | 'people' | 'bounds' | 'onView'> & { tenant: string; maySee: boolean }) {
  const { w } = useWords()
  const [box, setBox] = useState<Box>()
  const about = useQuery(settings)
  const everybody = useQuery({ ...peopleMap(tenant, undefined), enabled: maySee })
  const here = useQuery({ ...peopleMap(tenant, box), enabled: maySee && box !== undefined })
  const waiting = (
    <div className="map-frame map-waiting">
      <p className="quiet" role="status">
        {w.map.loading}
      </p>
    </div>
  )
  if (about.isPending || (maySee && everybody.isPending)) return waiting
  return (
    <Unless otherwise={<Notice tone="warn" title={w.map.impossible}><p>{w.map.impossibleCure}</p></Notice>}>
      <Suspense fallback={waiting}>
        <Canvas {...rest} settings={about.data ?? {}} people={(here.data ?? everybody.data)?.cells ?? []} bounds={everybody.data?.bounds} onView={setBox} />
      </Suspense>
    </Unless>
  )
}

/** A map that cannot be loaded or drawn leaves the fields beside it as they are. */
class Unless extends Component<{ otherwise: ReactNode; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }
  static getDerivedStateFromError = () => ({ failed: true })
  override render() {
    return this.state.failed ? this.props.otherwise : this.props.children
  }
}
