import type { NoticeView } from "../core/handset.ts"
import { placeName, placeWords } from "../core/place.ts"
import type { Assignment } from "../core/record.ts"
import { type Event, eventsSince, presentAt } from "../core/since.ts"
import type { Decided } from "../core/wire.ts"
import { momentText } from "../design/dates.ts"
import { Button, Notice } from "../design/parts.tsx"
import { pick, words } from "../words.ts"
import { handset, jobOf, kept, summary } from "./phone.ts"

/** What was not taken over and what was decided about it, until the technician has read it. */
export function Notices() {
    const { sending } = words.value
    void summary.value
    const unread = handset.value?.notices().filter((notice) => !notice.read) ?? []
    const told = new Set(unread.map((notice) => notice.refused.change))
    const decisions = handset.value?.decisions().filter(({ read, decided }) => !read && !told.has(decided.change)) ?? []
    if (unread.length === 0 && decisions.length === 0) return null
    return (
        <section class="stack">
            <h2>{sending.notices}</h2>
            {decisions.map(({ decided }) => (
                <article class="card" key={decided.change}>
                    <strong class="figures">{decided.number}</strong>
                    <Parts decided={decided} />
                    <Button onClick={() => void kept(handset.value?.markRead(decided.change))}>{sending.read}</Button>
                </article>
            ))}
            {unread.map((notice) => (
                <NotTaken key={notice.refused.change} notice={notice} />
            ))}
        </section>
    )
}

function NotTaken({ notice }: { notice: NoticeView }) {
    const { everywhere, sending } = words.value
    const { refused, number, writes, decision } = notice
    const job = jobOf(refused.job)
    return (
        <article class="card">
            {job ? (
                <a href={`/phone/jobs/${job.id}`} class="figures notice-job">
                    {number}
                </a>
            ) : (
                <strong class="figures">{number}</strong>
            )}
            <p>{pick(refused)}</p>
            {writes.map(({ path, value }) => {
                const now = job && pick(placeWords(path, presentAt(job.record, path)))
                const wrote = pick(placeWords(path, value))
                return (
                    <p class="small" key={path.join("/")}>
                        {everywhere.pair(pick(placeName(path, job?.template)), wrote)}
                        {now !== undefined && now !== wrote && (
                            <span class="soft">
                                <br />
                                {everywhere.pair(sending.standsNow, now)}
                            </span>
                        )}
                    </p>
                )
            })}
            <Since notice={notice} />
            {decision ? <Parts decided={decision.decided} /> : <p class="soft small">{sending.undecided}</p>}
            <Button onClick={() => void kept(handset.value?.markRead(refused.change))}>{sending.read}</Button>
        </article>
    )
}

/** How the job went on, and where it stands. */
function Since({ notice: { refused, writes } }: { notice: NoticeView }) {
    const { phone, sending, status } = words.value
    const job = jobOf(refused.job)
    if (!job) return null
    return (
        <div class="small">
            <strong>{sending.since}</strong>
            <ul>
                {eventsSince(job.record, writes).map((event) => (
                    <li key={event.path.join("/")}>
                        <span class="figures soft">{momentText(event.at)}</span> {eventText(event)}
                    </li>
                ))}
                <li>{job.gone ? phone.goneReasons[job.gone] : sending.nowStands(status[job.status])}</li>
            </ul>
        </div>
    )
}

function eventText({ path, value }: Event): string {
    const { everywhere, sending } = words.value
    if (path[0] === "assignments") return sending.assignedTo((value as Assignment).technician_name)
    return everywhere.pair(pick(placeName(path)), pick(placeWords(path, value)))
}

/** What became of each part of it, and by whom. */
function Parts({ decided }: { decided: Decided }) {
    const { outcomes } = words.value.sending
    return (
        <>
            {decided.parts.map((part) => (
                <Notice key={`${part.at}${part.places.join()}`} tone={part.outcome === "adopted" ? "good" : "warn"}>
                    {outcomes[part.outcome](part.by)} {part.reason}
                </Notice>
            ))}
        </>
    )
}
