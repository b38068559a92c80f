import type { ProblemCode } from '../../api/trouble'

/** Ce que le serveur refuse, par son code : la liste est la sienne, et ce qui y manque ici ne se compile pas. */
export const problems: Record<ProblemCode, { what: string; cure: string }> = {
  malformed: { what: 'La demande est mal écrite.', cure: 'C’est un défaut de cet écran : transmettez la précision ci-dessous à votre agence.' },
  unauthenticated: { what: 'Vous n’êtes plus connecté.', cure: 'Reconnectez-vous.' },
  'sign-in-failed': { what: 'Identifiant ou mot de passe refusé.', cure: 'Vérifiez les deux ; après cinq essais, attendez une minute.' },
  forbidden: { what: 'Votre rôle ne permet pas cela.', cure: 'Demandez à un administrateur.' },
  'people-only': { what: 'Une clé d’API ne suffit pas ici.', cure: 'Connectez-vous en personne.' },
  'not-found': { what: 'Introuvable.', cure: 'Cela n’existe pas, ou ne vous est pas ouvert.' },
  stale: { what: 'Quelqu’un d’autre a modifié la même chose.', cure: 'Rechargez, puis reprenez.' },
  'too-large': { what: 'C’est plus que ce qui est pris en une fois.', cure: 'Réduisez, puis recommencez ; la limite est dite ci-dessous.' },
  refused: { what: 'La demande ne peut pas être acceptée telle quelle.', cure: 'Corrigez les points ci-dessous.' },
  'if-match-required': { what: 'Cet écran n’a pas dit sur quelle version il se fonde.', cure: 'Rechargez la page, puis reprenez.' },
  'idempotency-key-required': { what: 'Cet écran n’a pas dit si c’est une répétition.', cure: 'Rechargez la page, puis reprenez : rien n’est parti.' },
  'client-left': { what: 'La liaison s’est fermée avant la réponse.', cure: 'Rechargez la page pour voir ce qui est fait.' },
  internal: { what: 'Le serveur a rencontré une erreur.', cure: 'Réessayez ; si cela persiste, donnez à votre agence le numéro ci-dessous.' },
  'database-unavailable': { what: 'La base de données ne répond pas.', cure: 'Réessayez dans quelques secondes : ce qui serait déjà fait ne se fait pas deux fois.' },
  'disk-full': { what: 'La base de données n’a plus de place.', cure: 'Prévenez l’exploitant de la plateforme, puis recommencez. Rien ne partira plus tard tout seul.' },
  'no-writes': { what: 'La base de données n’accepte pas d’écriture en ce moment.', cure: 'Réessayez ; si cela dure plus d’une minute, prévenez l’exploitant. Rien ne partira plus tard tout seul.' },
  'cannot-read': { what: 'Les documents ne peuvent pas être examinés en ce moment.', cure: 'Réessayez dans une minute ; sinon, transmettez la précision ci-dessous à l’exploitant.' },
  'cannot-speak': { what: 'Rien ne peut être dit à voix haute en ce moment.', cure: 'Transmettez la précision ci-dessous à l’exploitant ; les autres moyens ne sont pas touchés.' },
  'cannot-decode': { what: 'Les sons ne peuvent pas être lus en ce moment.', cure: 'Transmettez la précision ci-dessous à l’exploitant.' },
  http: { what: 'Le serveur ne connaît pas cette demande.', cure: 'Rechargez la page : elle est peut-être d’une autre version que le serveur.' },
}
