import { apart } from '../colon'
import type { Plain } from '../format'

/** Un fichier en chemin vers le serveur. */
export const upload = {
  label: (name: string) => `Envoi de ${apart(name)}`,
  sent: (share: Plain, sent: string, of: string) => `${share} · ${sent} sur ${of}`,
  quarter: (percent: Plain) => `Envoyé à ${percent} %`,
  arrived: 'Arrivé en entier, le serveur l’examine…',
  stop: 'Arrêter l’envoi',
  again: 'Envoyer de nouveau',
  stopped: { what: 'Envoi arrêté.', kept: 'Le serveur n’a rien gardé. Le fichier est encore choisi.' },
  cut: { what: 'La connexion a été coupée pendant l’envoi.', kept: 'Le fichier n’est pas arrivé en entier : le serveur n’en a rien gardé. Il est encore choisi.' },
}
