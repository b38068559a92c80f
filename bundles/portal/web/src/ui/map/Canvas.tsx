import { Map as GlMap, NavigationControl, ScaleControl, setWorkerUrl, type GeoJSONSource, type LngLat, type MapMouseEvent, type MapTouchEvent } from 'maplibre-gl'
import './canvas.css'
// A file of ours with its hash in its name: the page's policy lets no worker be made of anything else.
import worker from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'
import { useEffect, useImperativeHandle, useRef, useState, type Ref } from 'react'
import type { Area, Box, Cell, Place } from '../../api/place'
import { useWords } from '../../i18n'
import { Notice } from '../notice'
import { handlesOf, placeAt, ringOf } from './geometry'
import { areaFeatures, graticule, handleFeatures, peopleFeatures, pinFeatures, styleOf, type Drawing, type MapSettings } from './style'

setWorkerUrl(worker)

/** What is shown where nobody lives yet. */
const FRANCE: Box = { south: 42, west: -5, north: 51, east: 8.5 }

export type MapHandle = { centre: () => Place | undefined; show: (area: Area) => void }

export type CanvasProps = {
  label: string
  describedBy?: string | undefined
  settings: MapSettings
  area?: Area | undefined
  pin?: Place | undefined
  people?: readonly Cell[]
  /** What to begin with, if nothing is drawn yet. */
  bounds?: Box | undefined
  /** A place was pressed, or the middle taken with Enter. */
  onPick?: ((place: Place) => void) | undefined
  /** A corner is dragged; of a circle 0 is its centre and 1 its border. */
  onMove?: ((at: number, place: Place) => void) | undefined
  onView?: ((box: Box) => void) | undefined
  ref?: Ref<MapHandle>
}

const placeOf = (at: LngLat): Place => placeAt(at.lat, at.wrap().lng)

function boxOf(places: readonly Place[]): Box | undefined {
  if (places.length === 0) return undefined
  const north = places.map(({ latitude }) => latitude)
  const east = places.map(({ longitude }) => longitude)
  return { south: Math.min(...north), west: Math.min(...east), north: Math.max(...north), east: Math.max(...east) }
}

const areaBox = (area: Area | undefined) => area && boxOf(area.circle ? ringOf(area.circle) : area.polygon)

/** The map itself; loaded when one is first shown, for it weighs more than all screens together. */
export default function Canvas(props: CanvasProps) {
  const { w } = useWords()
  const holder = useRef<HTMLDivElement>(null)
  const map = useRef<GlMap>(undefined)
  const now = useRef(props)
  now.current = props
  const [isImpossible, setImpossible] = useState(false)
  const compact = useRef(new Intl.NumberFormat(w.locale, { notation: 'compact', maximumFractionDigits: 1 }))
  const drawing = (): Drawing => ({
    area: now.current.area,
    people: now.current.people ?? [],
    pin: now.current.pin,
    peopleWord: (count) => compact.current.format(count),
  })

  useImperativeHandle(props.ref, () => ({
    centre: () => map.current && placeOf(map.current.getCenter()),
    show: (area) => {
      const box = areaBox(area)
      if (box) map.current?.fitBounds([box.west, box.south, box.east, box.north], { padding: 48, maxZoom: 17, duration: 0 })
    },
  }))

  useEffect(() => {
    const begun = now.current
    const box = areaBox(begun.area) ?? (begun.pin && boxOf([begun.pin])) ?? begun.bounds ?? FRANCE
    let gl: GlMap
    try {
      gl = new GlMap({
        container: holder.current!,
        style: styleOf(begun.settings, drawing()),
        bounds: [box.west, box.south, box.east, box.north],
        fitBoundsOptions: { padding: 40, maxZoom: 15 },
        attributionControl: false,
        // A page that is scrolled past is not zoomed in on the way.
        cooperativeGestures: true,
        dragRotate: false,
        pitchWithRotate: false,
        touchPitch: false,
        renderWorldCopies: false,
        fadeDuration: 0,
        maxZoom: 19,
        locale: {
          'Map.Title': begun.label,
          'NavigationControl.ZoomIn': w.map.zoomIn,
          'NavigationControl.ZoomOut': w.map.zoomOut,
          'CooperativeGesturesHandler.WindowsHelpText': w.map.scroll,
          'CooperativeGesturesHandler.MacHelpText': w.map.scrollMac,
          'CooperativeGesturesHandler.MobileHelpText': w.map.fingers,
        },
      })
    } catch {
      setImpossible(true)
      return
    }
    map.current = gl
    gl.touchZoomRotate.disableRotation()
    gl.keyboard.disableRotation()
    gl.addControl(new NavigationControl({ showCompass: false }), 'top-right')
    gl.addControl(new ScaleControl({ unit: 'metric' }), 'bottom-right')
    const canvas = gl.getCanvas()
    if (begun.describedBy) canvas.setAttribute('aria-describedby', begun.describedBy)
    const degrees = new Intl.NumberFormat(w.locale, { maximumFractionDigits: 4 })
    const named = (each: number, axis: 'latitude' | 'longitude') =>
      w.map.degrees[axis === 'latitude' ? (each < 0 ? 'south' : 'north') : each < 0 ? 'west' : 'east'](degrees.format(Math.abs(each)))
    const seen = (): Box => {
      const view = gl.getBounds()
      return {
        south: Math.max(-90, view.getSouth()),
        west: Math.max(-180, view.getWest()),
        north: Math.min(90, view.getNorth()),
        east: Math.min(180, view.getEast()),
      }
    }
    const lines = () => (gl.getSource('graticule') as GeoJSONSource | undefined)?.setData(graticule(seen(), named))
    gl.on('style.load', lines)
    gl.on('move', lines)
    const view = () => now.current.onView?.(seen())
    gl.on('load', view)
    gl.once('idle', () => holder.current?.setAttribute('data-ready', ''))
    gl.on('moveend', view)
    // A tile that does not come leaves the ground; it is no reason to complain on every one.
    gl.on('error', (event) => {
      if (!('sourceId' in event)) console.error(event.error)
    })

    let held: number | undefined
    const hold = (event: MapMouseEvent | MapTouchEvent) => {
      if (!now.current.onMove) return
      const found = gl.queryRenderedFeatures(around(event.point), { layers: ['handles'] })[0]
      if (!found) return
      event.preventDefault()
      held = Number(found.properties.at)
    }
    const drag = (event: MapMouseEvent | MapTouchEvent) => {
      if (held === undefined) {
        canvas.style.cursor = now.current.onMove && gl.queryRenderedFeatures(around(event.point), { layers: ['handles'] }).length > 0 ? 'grab' : now.current.onPick ? 'crosshair' : ''
        return
      }
      canvas.style.cursor = 'grabbing'
      now.current.onMove?.(held, placeOf(event.lngLat))
    }
    const release = () => {
      held = undefined
    }
    gl.on('mousedown', hold)
    gl.on('touchstart', hold)
    gl.on('mousemove', drag)
    gl.on('touchmove', drag)
    gl.on('mouseup', release)
    gl.on('touchend', release)
    gl.on('touchcancel', release)
    gl.on('click', (event) => {
      // What was taken hold of is not pressed.
      if (gl.queryRenderedFeatures(around(event.point), { layers: ['handles'] }).length === 0) now.current.onPick?.(placeOf(event.lngLat))
    })
    const key = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !now.current.onPick) return
      event.preventDefault()
      now.current.onPick(placeOf(gl.getCenter()))
    }
    canvas.addEventListener('keydown', key)
    // The theme is chosen while the map is open.
    const themes = new MutationObserver(() => gl.setStyle(styleOf(now.current.settings, drawing())))
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    return () => {
      themes.disconnect()
      canvas.removeEventListener('keydown', key)
      map.current = undefined
      gl.remove()
    }
  }, [w])

  const put = (source: string, data: ReturnType<typeof areaFeatures>) => (map.current?.getSource(source) as GeoJSONSource | undefined)?.setData(data)
  useEffect(() => {
    put('area', areaFeatures(props.area))
    put('handles', handleFeatures(props.area))
  }, [props.area])
  useEffect(() => {
    put('people', peopleFeatures(drawing()))
  }, [props.people])
  useEffect(() => {
    put('pin', pinFeatures(props.pin))
  }, [props.pin])
  const { bounds } = props
  useEffect(() => {
    // Where people live is known after the map is there; nobody is moved who has begun to draw.
    if (bounds && !now.current.area && !now.current.pin) map.current?.fitBounds([bounds.west, bounds.south, bounds.east, bounds.north], { padding: 40, maxZoom: 15, duration: 0 })
  }, [bounds?.south, bounds?.west, bounds?.north, bounds?.east])

  if (isImpossible)
    return (
      <Notice tone="warn" title={w.map.impossible}>
        <p>{w.map.impossibleCure}</p>
      </Notice>
    )
  const corners = props.area ? handlesOf(props.area).length : 0
  return (
    <>
      <div className="map-frame" data-corners={corners}>
        <div ref={holder} className="map" />
        {props.onPick && <div className="map-aim" aria-hidden />}
      </div>
      {props.settings.attribution && <p className="map-source">{props.settings.attribution}</p>}
    </>
  )
}

/** A finger is not a needle. */
const around = ({ x, y }: { x: number; y: number }): [[number, number], [number, number]] => [
  [x - 9, y - 9],
  [x + 9, y + 9],
]
