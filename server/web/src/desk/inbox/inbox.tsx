/** What phones handed in and the server did not take over, for the dispatcher to decide. */
import { useSignal } from "@preact/signals"
import { Inbox as InboxIcon } from "lucide"
import { useLocation } from "preact-iso"
import { api, body } from "../../api/client.ts"
import { Button, Empty } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { may } from "../allowed.ts"
import { Answered } from "../answered.tsx"
import { Count } from "../count.tsx"
import { useLoaded } from "../loaded.ts"
import { QuarantineEntry } from "./entry.tsx"
import { HandIn } from "./hand_in.tsx"

const PAGE = 20
const PAGE_MAX = 200

export function Inbox() {
    const text = words.value.deskInbox
    const { query } = useLocation()
    const isOpen = query.all !== "1"
    const limit = useSignal(PAGE)
    const loaded = useLoaded(
        `${isOpen} ${limit.value}`,
        () =>
            body(
                api.GET("/v1/quarantine", {
                    params: { query: { ...(isOpen && { open: true }), limit: limit.value } },
                }),
            ),
        { keepsLast: true },
    )
    return (
        <div class="page">
            <div class="page-head">
                <h1>{text.title}</h1>
                <nav class="tabs" aria-label={text.title}>
                    <a href="/desk/inbox" aria-current={isOpen ? "page" : undefined}>
                        {text.open}
                        <Count of={["refused"]} />
                    </a>
                    <a href="/desk/inbox?all=1" aria-current={isOpen ? undefined : "page"}>
                        {text.all}
                    </a>
                    <a href="/desk/jobs?conflicts=1">
                        {text.differing}
                        <Count of={["differing"]} />
                    </a>
                    <a href="/desk/inbox/photos">{words.value.deskOwed.title}</a>
                </nav>
            </div>
            <p class="soft">{text.hint}</p>
            <Answered of={loaded}>
                {({ items, next }) => (
                    <div class="stack">
                        {items.length === 0 && <Empty icon={InboxIcon}>{text.none}</Empty>}
                        {items.map((entry) => (
                            <QuarantineEntry key={entry.id} id={entry.id} onDecided={loaded.reload} />
                        ))}
                        {next && limit.value < PAGE_MAX && (
                            <Button onClick={() => (limit.value += PAGE)}>{words.value.deskShell.more}</Button>
                        )}
                    </div>
                )}
            </Answered>
            {may("dispatch") && <HandIn onHandedIn={loaded.reload} />}
        </div>
    )
}
