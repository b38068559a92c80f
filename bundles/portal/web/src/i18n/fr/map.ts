import type { Plain } from '../format'

/** Maps, wherever they are shown. */
export const map = {
  loading: 'Chargement de la carte…',
  impossible: 'La carte ne peut pas être dessinée par ce navigateur.',
  impossibleCure: 'Les coordonnées s’écrivent dans les champs ci-dessous : rien d’autre ne change.',
  zoomIn: 'Zoomer',
  zoomOut: 'Dézoomer',
  scroll: 'Ctrl + molette pour zoomer la carte',
  scrollMac: '⌘ + molette pour zoomer la carte',
  fingers: 'Deux doigts pour déplacer la carte',
  degrees: { north: (n: Plain) => `${n}° N`, south: (n: Plain) => `${n}° S`, east: (n: Plain) => `${n}° E`, west: (n: Plain) => `${n}° O` },
  latitude: 'Latitude',
  longitude: 'Longitude',
  wrong: {
    latitude: 'Écrivez des degrés décimaux entre -90 et 90, par exemple 47,3936.',
    longitude: 'Écrivez des degrés décimaux entre -180 et 180, par exemple 0,6892.',
  },
}
