import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { scenarioQueries } from '../../api/scenarios'
import { useMe } from '../../app/Entrance'
import { useWords } from '../../i18n'
import { Ask, Button, Choices } from '../../ui/controls'
import { Changes, fieldName, fieldValue } from './Changes'
import type { Editor } from './useEditor'

/** Somebody else saved first. What only one changed is kept as it is; what both changed is chosen here, seen side by side. */
export function ConflictDialog({ editor, tenant, slug }: { editor: Editor; tenant: string; slug: string }) {
  const { w, f } = useWords()
  const conflict = editor.conflict!
  const me = useMe()
  const versions = useQuery(scenarioQueries.versions(tenant, slug))
  const [choice, setChoice] = useState<Record<string, 'mine' | 'theirs'>>({})
  const theirs = versions.data?.items.find((each) => each.version === conflict.version)
  const open = conflict.both.filter(({ path }) => choice[path] === undefined).length
  return (
    <Ask open onClose={() => undefined} keepOpen wide title={theirs?.savedBy === me.name ? w.scenarios.conflictOwn(conflict.version) : w.scenarios.conflict(theirs?.savedBy ?? '…', conflict.version)} role="alertdialog">
      <p>{w.scenarios.conflictLead}</p>
      {conflict.both.map(({ path, mine, theirs: other }) => (
        <Choices<'mine' | 'theirs'>
          key={path}
          className="conflict-field"
          label={fieldName(path, w)}
          value={choice[path] ?? null}
          onChange={(chosen) => setChoice((now) => ({ ...now, [path]: chosen }))}
          options={[
            { value: 'mine', text: w.scenarios.mine, hint: <span className="conflict-text">{fieldValue(path, mine, w, f) || w.scenarios.nothing}</span> },
            {
              value: 'theirs',
              text: theirs?.savedBy === me.name ? w.scenarios.theirsOwn : w.scenarios.theirs(theirs?.savedBy ?? '…'),
              hint: <span className="conflict-text">{fieldValue(path, other, w, f) || w.scenarios.nothing}</span>,
            },
          ]}
        />
      ))}
      {conflict.theirs.length > 0 && (
        <details open={conflict.both.length === 0 || undefined}>
          <summary>{w.scenarios.theirsOnly(conflict.theirs.length)}</summary>
          <Changes differences={conflict.theirs} />
        </details>
      )}
      <div className="dialog-buttons">
        <p className="quiet" role="status">
          {open > 0 ? w.scenarios.stillToChoose(open) : w.scenarios.thenSave}
        </p>
        <Button kind="primary" isDisabled={open > 0} onPress={() => editor.settle(choice)}>
          {w.scenarios.join}
        </Button>
      </div>
    </Ask>
  )
}
