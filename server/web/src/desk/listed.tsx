/** A list as it stands on a page: why it is empty, and a button where there is more of it. */
import type { ComponentChildren } from "preact"
import { Button } from "../design/parts.tsx"
import { words } from "../words.ts"
import { Answered } from "./answered.tsx"
import type { List } from "./pages.ts"

interface Props<T> {
    of: List<T>
    /** What stands there instead of nothing. */
    empty?: ComponentChildren
    children: (items: T[]) => ComponentChildren
}

export function Listed<T>({ of, empty, children }: Props<T>) {
    return (
        <Answered of={of}>
            {(items) =>
                items.length === 0 ? (
                    empty
                ) : (
                    <>
                        {children(items)}
                        <More of={of} />
                    </>
                )
            }
        </Answered>
    )
}

/** Stands only where the server says that there is more. */
export function More<T>({ of: { more, isBusy } }: { of: List<T> }) {
    if (!more) return null
    return (
        <div class="row no-print">
            <Button aria-busy={isBusy} onClick={() => void more()}>
                {words.value.deskShell.more}
            </Button>
        </div>
    )
}
