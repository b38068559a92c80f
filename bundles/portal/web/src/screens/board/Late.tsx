import type { Late as SaidLate } from '#schema'
import { useWords } from '../../i18n'

/** What came when an alert was over, and which alert a reply was taken for where one number wrote about two. */
export function Late({ late }: { late: SaidLate }) {
  const { w, f } = useWords()
  return (
    <>
      {late.answers > 0 && <p className="quiet figures">{w.kin.late(f.n(late.answers), late.answers)}</p>}
      {late.despiteLater > 0 && <p className="quiet figures">{w.kin.despite(f.n(late.despiteLater), late.despiteLater)}</p>}
      {late.passedOn > 0 && <p className="quiet figures">{w.kin.passedOn(f.n(late.passedOn), late.passedOn)}</p>}
    </>
  )
}
