import type { Words } from '../words'

export const map: Words['map'] = {
  loading: 'Loading the map…',
  impossible: 'This browser cannot draw the map.',
  impossibleCure: 'Coordinates are written in the fields below: nothing else changes.',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  scroll: 'Ctrl + scroll to zoom the map',
  scrollMac: '⌘ + scroll to zoom the map',
  fingers: 'Two fingers to move the map',
  degrees: { north: (n) => `${n}° N`, south: (n) => `${n}° S`, east: (n) => `${n}° E`, west: (n) => `${n}° W` },
  latitude: 'Latitude',
  longitude: 'Longitude',
  wrong: {
    latitude: 'Write decimal degrees from -90 to 90, such as 47.3936.',
    longitude: 'Write decimal degrees from -180 to 180, such as 0.6892.',
  },
}
