/** What phones handed in and the server did not take over, for the dispatcher to decide. */
import { Inbox as InboxIcon } from "lucide"
import { useLocation } from "preact-iso"
import { api, body } from "../../api/client.ts"
import { Empty } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { may } from "../allowed.ts"
import { Count } from "../count.tsx"
import { Listed } from "../listed.tsx"
import { useList } from "../pages.ts"
import { QuarantineEntry } from "./entry.tsx"
import { HandIn } from "./hand_in.tsx"

/** Each of them is loaded by itself, with all that it holds. */
const ROWS = 20

export function Inbox() {
    const text = words.value.deskInbox
    const isOpen = useLocation().query.all !== "1"
    const asked = isOpen ? { open: true } : {}
    const list = useList(
        String(isOpen),
        (part) => body(api.GET("/v1/quarantine", { params: { query: { ...asked, ...part } } })),
        { rows: ROWS },
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
            <Listed of={list} empty={<Empty icon={InboxIcon}>{text.none}</Empty>}>
                {(entries) => (
                    <div class="stack">
                        {entries.map((entry) => (
                            <QuarantineEntry key={entry.id} id={entry.id} onDecided={list.reload} />
                        ))}
                    </div>
                )}
            </Listed>
            {may("dispatch") && <HandIn onHandedIn={list.reload} />}
        </div>
    )
}
