import { CircleSlash, CloudOff } from "lucide"
import type { ComponentChildren } from "preact"
import { Problem, sentence } from "../api/problem.ts"
import { Button, Empty, Loading, Notice } from "../design/parts.tsx"
import { words } from "../words.ts"
import type { Act } from "./act.ts"
import type { Loaded } from "./loaded.ts"

interface Props<T> {
    of: Loaded<T>
    children: (data: T) => ComponentChildren
}

/** What was asked for, or why it is not here. */
export function Answered<T>({ of, children }: Props<T>) {
    const { everywhere, deskShell } = words.value
    if (of.data === undefined) {
        if (of.problem === undefined) return <Loading />
        const isFinal = isForGood(of.problem)
        return (
            <Empty icon={isFinal ? CircleSlash : CloudOff}>
                <span role="alert">{sentence(of.problem)}</span>
                {!isFinal && (
                    <>
                        <br />
                        <Button onClick={() => void of.reload()}>{everywhere.retry}</Button>
                    </>
                )}
            </Empty>
        )
    }
    return (
        <>
            {of.problem !== undefined && <Notice tone="warn">{deskShell.stale}</Notice>}
            {children(of.data)}
        </>
    )
}

/** What is not there, or not for this person, is so however often it is asked for. */
function isForGood(problem: unknown): boolean {
    const status = problem instanceof Problem ? problem.body?.status : undefined
    return status === 403 || status === 404
}

/** A problem, in words, where there is one. */
export function Trouble({ of }: { of: unknown }) {
    return of === undefined ? null : <Notice tone="bad">{sentence(of)}</Notice>
}

interface SendProps {
    act: Act
    onCancel: () => void
    /** What is done, by its verb, where it takes something back: that button is red. */
    takesBack?: string | undefined
}

/** How a dialog that asks something ends: what is in the way, and both ways out. */
export function SendOrCancel({ act, onCancel, takesBack }: SendProps) {
    const { deskShell, everywhere } = words.value
    return (
        <>
            <Trouble of={act.problem} />
            <div class="row row-apart">
                <Button onClick={onCancel}>{everywhere.cancel}</Button>
                <Button type="submit" kind={takesBack ? "bad" : "main"} disabled={act.isBusy}>
                    {takesBack ?? deskShell.send}
                </Button>
            </div>
        </>
    )
}
