/** What somebody waits for an answer to: prices off the list, questions passed upward, promises. Each is a page; they share their head. */
import type { ComponentChildren } from "preact"
import { Tag } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { Count } from "../count.tsx"
import { Tabs } from "../tabs.tsx"
import { now, untilDue } from "../times.ts"
import "./answers.css"

const PAGES = [
    ["/desk/price-requests", "prices"],
    ["/desk/questions", "questions"],
    ["/desk/promises", "promises"],
] as const
export type AnswersPage = (typeof PAGES)[number][1]

interface HeadProps<View extends string> {
    page: AnswersPage
    views: Record<View, string>
    view: View
}

/** The three pages, and the views of the one that is shown. */
export function AnswersHead<View extends string>({ page, views, view }: HeadProps<View>) {
    const text = words.value.deskAnswers
    const at = PAGES.find(([, name]) => name === page)?.[0] ?? ""
    return (
        <>
            <h1 class="unseen">{text[page]}</h1>
            <div class="page-head">
                <nav class="tabs" aria-label={words.value.deskShell.answers}>
                    {PAGES.map(([href, name]) => (
                        <a key={name} href={href} aria-current={name === page ? "page" : undefined}>
                            {text[name]}
                            <Count of={[name]} />
                        </a>
                    ))}
                </nav>
                <Tabs at={at} label={text[page]} views={views} view={view} />
            </div>
        </>
    )
}

/** How long there is; red when it is over. */
export function DueTag({ due, isOver }: { due: string; isOver: boolean }) {
    const left = Date.parse(due) - now.value
    if (isOver) return null
    return <Tag tone={left < 0 ? "bad" : left < SOON_MS ? "warn" : "plain"}>{untilDue(due)}</Tag>
}
const SOON_MS = 5 * 60_000

export function Waiting({ children }: { children: ComponentChildren }) {
    return <ul class="stack">{children}</ul>
}
