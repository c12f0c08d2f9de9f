/** What else a line says: that its work can destroy data, why set-up is free. */
import type { QuoteLine } from "../../core/record.ts"
import { saidOfSetUp } from "../../core/setup.ts"
import { language, words } from "../../words.ts"

export function LineNotes({ line }: { line: QuoteLine }) {
    return (
        <>
            {line.setup && <span class="sheet-note soft small">{saidOfSetUp(line.setup, language.value)}</span>}
            {line.risk != null && <span class="sheet-note soft small">{words.value.quote.risk}</span>}
        </>
    )
}
