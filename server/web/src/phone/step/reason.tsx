import { useSignal } from "@preact/signals"
import type { MarkKind } from "../../core/record.ts"
import { Button, Dialog } from "../../design/parts.tsx"
import { words } from "../../words.ts"

interface Props {
    kind: MarkKind
    onReason: (kind: MarkKind, reason: string) => void
    onClose: () => void
}

/** Asks why. Nothing that is left out is left out in silence. */
export function ReasonDialog({ kind, onReason, onClose }: Props) {
    const reason = useSignal("")
    const { step, everywhere } = words.value
    const submit = (event: Event) => {
        event.preventDefault()
        if (reason.value.trim()) onReason(kind, reason.value.trim())
    }
    return (
        <Dialog title={words.value.terms.mark[kind]} onClose={onClose}>
            <form class="stack" onSubmit={submit}>
                <label class="field">
                    <span>{step.reason}</span>
                    <textarea
                        required
                        maxLength={500}
                        autofocus
                        onInput={(event) => (reason.value = event.currentTarget.value)}
                    />
                    <span class="soft small">{step.reasonHint}</span>
                </label>
                <div class="row endings">
                    <Button onClick={onClose}>{everywhere.cancel}</Button>
                    <Button type="submit" kind="main" disabled={!reason.value.trim()}>
                        {words.value.terms.mark[kind]}
                    </Button>
                </div>
            </form>
        </Dialog>
    )
}
