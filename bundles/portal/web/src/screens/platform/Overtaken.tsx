import { useWords } from '../../i18n'
import { Button } from '../../ui/controls'
import { Notice } from '../../ui/notice'

/** Two people, one record: whoever comes second sees that, and chooses what stands in the form. Nothing is saved by choosing. */
export function Overtaken({ name, onMine, onTheirs }: { name: string; onMine: () => void; onTheirs: () => void }) {
  const { w } = useWords()
  return (
    <Notice tone="warn" title={w.platform.overtaken(name)} live>
      <p>{w.platform.overtakenKept}</p>
      <div className="buttons">
        <Button size="small" onPress={onMine}>
          {w.platform.mine}
        </Button>
        <Button size="small" onPress={onTheirs}>
          {w.platform.theirs}
        </Button>
      </div>
    </Notice>
  )
}
