import { useId, useRef, useState } from 'react'
import type { Place } from '../../api/place'
import { useMay } from '../../app/Entrance'
import { useWords } from '../../i18n'
import { Button, Choices, Field } from '../../ui/controls'
import { Cross, Plus } from '../../ui/icons'
import type { MapHandle } from '../../ui/map/Canvas'
import { Degrees } from '../../ui/map/Degrees'
import { metres } from '../../ui/map/geometry'
import { GeoMap } from '../../ui/map/GeoMap'
import { nowhere, placeOf, written, type PlaceDraft } from '../../ui/map/place'
import { areaFault, drawn, MOST_CORNERS, MOST_METRES, radiusOf, type AreaDraft, type AreaFault, type Shape } from './area'

/** Where the people of a list live: drawn on the map, or written in its table; each is the other. */
export function AreaEditor({
  tenant,
  area,
  onChange,
  tried,
  mayEdit,
}: {
  tenant: string
  area: AreaDraft
  onChange: (area: AreaDraft) => void
  tried: boolean
  mayEdit: boolean
}) {
  const { w, f } = useWords()
  const map = useRef<MapHandle>(null)
  const help = useId()
  // Five hundred lines are read by who asks for them.
  const [isOpen, setOpen] = useState(area.corners.length <= 12)
  const maySee = useMay('tenant-admin', 'activator', 'supervisor', 'agency-admin')
  const fault = areaFault(area)
  // Too few corners is no fault of who has only begun.
  const told = fault && (tried || !['few', 'centre'].includes(fault.kind)) ? fault : undefined
  const shown = drawn(area)

  const pick = (place: Place) => {
    if (area.shape === 'circle') onChange({ ...area, centre: written(place) })
    else if (area.corners.length < MOST_CORNERS) onChange({ ...area, corners: inserted(area.corners, place) })
  }
  const move = (at: number, place: Place) => {
    if (area.shape === 'polygon') return onChange({ ...area, corners: area.corners.map((corner, index) => (index === at ? written(place) : corner)) })
    const centre = placeOf(area.centre)
    if (at === 0) onChange({ ...area, centre: written(place) })
    else if (centre) onChange({ ...area, radius: String(Math.min(MOST_METRES, Math.max(1, Math.round(metres(centre, place))))) })
  }
  const corner = (at: number, next: PlaceDraft) => onChange({ ...area, corners: area.corners.map((each, index) => (index === at ? next : each)) })

  return (
    <>
      {mayEdit && (
        <Choices<Shape>
          label={w.lists.shape}
          className="choices-two"
          value={area.shape}
          onChange={(shape) => onChange({ ...area, shape })}
          options={(['polygon', 'circle'] as const).map((shape) => ({ value: shape, text: w.lists.shapeWord[shape], hint: w.lists.shapeHint[shape] }))}
        />
      )}
      {mayEdit && (
        <p id={help} className="quiet">
          {area.shape === 'polygon' ? w.lists.drawPolygon : w.lists.drawCircle} {w.lists.drawKeys}
        </p>
      )}
      <GeoMap
        ref={map}
        tenant={tenant}
        maySee={maySee}
        label={w.lists.mapLabel}
        describedBy={mayEdit ? help : undefined}
        area={shown}
        onPick={mayEdit ? pick : undefined}
        onMove={mayEdit ? move : undefined}
      />
      <div className="map-acts">
        {mayEdit && (
          <Button
            size="small"
            onPress={() => {
              const centre = map.current?.centre()
              if (centre) pick(centre)
            }}
          >
            <Plus size={16} /> {area.shape === 'polygon' ? w.lists.cornerHere : w.lists.centreHere}
          </Button>
        )}
        {mayEdit && area.shape === 'polygon' && area.corners.length > 0 && (
          <>
            <Button size="small" onPress={() => onChange({ ...area, corners: area.corners.slice(0, -1) })}>
              {w.lists.cornerUndo}
            </Button>
            <Button size="small" onPress={() => onChange({ ...area, corners: [] })}>
              {w.lists.cornersClear}
            </Button>
          </>
        )}
        {shown && (
          <Button size="small" kind="quiet" onPress={() => map.current?.show(shown)}>
            {w.lists.mapShow}
          </Button>
        )}
      </div>
      {told && (
        <p className="field-error" role="alert">
          {wordOf(told)}
        </p>
      )}
      {area.shape === 'circle' ? (
        <div className="fields area-circle">
          <Degrees side="latitude" label={w.map.latitude} value={area.centre} onChange={(centre) => onChange({ ...area, centre })} mayEdit={mayEdit} />
          <Degrees side="longitude" label={w.map.longitude} value={area.centre} onChange={(centre) => onChange({ ...area, centre })} mayEdit={mayEdit} />
          <Field
            label={w.lists.radius}
            hint={w.lists.radiusHint(f.n(MOST_METRES))}
            value={area.radius}
            isReadOnly={!mayEdit}
            onChange={(radius) => onChange({ ...area, radius })}
            error={radiusOf(area.radius) === undefined ? w.lists.fault.radius(f.n(MOST_METRES)) : undefined}
            maxLength={12}
          />
        </div>
      ) : (
        <details className="corners" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>{w.lists.corners(f.n(area.corners.length), area.corners.length)}</summary>
          <p className="quiet">{w.lists.cornersLead}</p>
          <ol className="corner-rows">
            {area.corners.map((each, index) => (
              <li key={index} className="corner">
                <span className="endpoint-rank figures" aria-hidden>
                  {index + 1}
                </span>
                <Degrees side="latitude" label={w.lists.cornerLatitude(index + 1)} value={each} onChange={(next) => corner(index, next)} mayEdit={mayEdit} isLabelHidden />
                <Degrees side="longitude" label={w.lists.cornerLongitude(index + 1)} value={each} onChange={(next) => corner(index, next)} mayEdit={mayEdit} isLabelHidden />
                {mayEdit && (
                  <Button kind="quiet" size="small" aria-label={w.lists.cornerOut(index + 1)} onPress={() => onChange({ ...area, corners: area.corners.filter((_, at) => at !== index) })}>
                    <Cross size={18} />
                  </Button>
                )}
              </li>
            ))}
          </ol>
          {mayEdit && area.corners.length < MOST_CORNERS && (
            <Button size="small" onPress={() => onChange({ ...area, corners: [...area.corners, nowhere] })}>
              <Plus size={16} /> {w.lists.cornerAdd}
            </Button>
          )}
        </details>
      )}
    </>
  )

  function wordOf(fault: AreaFault): string {
    switch (fault.kind) {
      case 'corner':
      case 'same':
      case 'meridian':
        return w.lists.fault[fault.kind](f.n(fault.at + 1))
      case 'cross':
        return w.lists.fault.cross(f.n(fault.at[0] + 1), f.n(fault.at[1] + 1))
      case 'many':
        return w.lists.fault.many(f.n(MOST_CORNERS))
      case 'radius':
        return w.lists.fault.radius(f.n(MOST_METRES))
      default:
        return w.lists.fault[fault.kind]
    }
  }
}

/** A new corner goes where it lengthens the border least, so that pressing outside a line bends that line. */
function inserted(corners: PlaceDraft[], place: Place): PlaceDraft[] {
  const ring = corners.map(placeOf)
  if (corners.length < 3 || ring.some((each) => !each)) return [...corners, written(place)]
  let best = corners.length
  let least = Infinity
  ring.forEach((from, index) => {
    const to = ring[(index + 1) % ring.length]!
    const more = metres(from!, place) + metres(place, to) - metres(from!, to)
    if (more < least) {
      least = more
      best = index + 1
    }
  })
  return [...corners.slice(0, best), written(place), ...corners.slice(best)]
}
