/** Who changed what: by which phone, when by their clock and when by ours, what stood there before. */
import { History as HistoryIcon } from "lucide"
import { api, body, type Schemas } from "../../api/client.ts"
import { Empty, Tag } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { Answered } from "../answered.tsx"
import { useLoaded } from "../loaded.ts"
import { wholeTime } from "../../design/dates.ts"
import { type Detail, nameOf, type TabProps } from "./job.tsx"
import { placeText, valueText } from "./words_of.ts"

type Change = Schemas["HistoryChange"]
const TOUCHED_SHOWN = 12

export function HistoryTab({ detail, template }: TabProps) {
    const text = words.value.deskJob.history
    const { id } = detail.job
    const loaded = useLoaded(id, () => body(api.GET("/v1/jobs/{id}/history", { params: { path: { id } } })), {
        movesWith: (job) => job === null || job === id,
    })
    return (
        <Answered of={loaded}>
            {({ changes }) =>
                changes.length === 0 ? (
                    <Empty icon={HistoryIcon}>{text.none}</Empty>
                ) : (
                    <ol class="job-history" aria-label={text.title}>
                        {changes.toReversed().map((change) => (
                            <Entry key={change.change} change={change} detail={detail} template={template} />
                        ))}
                    </ol>
                )
            }
        </Answered>
    )
}

interface EntryProps {
    change: Change
    detail: Detail
    template: Schemas["Template"] | undefined
}

function Entry({ change, detail, template }: EntryProps) {
    const { deskJob, terms } = words.value
    const text = deskJob.history
    const touched = change.touched.slice(0, TOUCHED_SHOWN)
    const name = (id: string) => detail.record.assignments?.[id]?.technician_name ?? nameOf(detail, id)
    const say = (path: string[], value: unknown) => valueText(path, value, name, template)
    return (
        <li class="job-change">
            <div class="job-change-who">
                <strong>{change.person_name ?? text.customer}</strong>
                <span class="small soft">{change.device ? text.device : text.office}</span>
                <span class="small figures">{wholeTime(change.written_at ?? change.claimed_at)}</span>
                {change.device && (
                    <span class="small soft figures">
                        {text.claimed(wholeTime(change.claimed_at))}
                        <br />
                        {text.received(wholeTime(change.received_at))}
                    </span>
                )}
                {change.time_flags.map((flag) => (
                    <Tag key={flag} tone="warn">
                        {terms.timeFlag[flag]}
                    </Tag>
                ))}
                {change.adopted.map((adoption) => (
                    <Tag key={adoption.quarantine} tone="info">
                        {text.adopted(adoption.by_name)}
                    </Tag>
                ))}
            </div>
            <ul class="job-change-what">
                {touched.map((touch) => (
                    <li key={touch.path.join("/")}>
                        <span class="soft small">{placeText(touch.path, template)}</span>
                        <br />
                        {say(touch.path, touch.after)}
                        {touch.before != null && (
                            <span class="small soft">
                                {" "}
                                {text.was} <del>{say(touch.path, touch.before)}</del>
                            </span>
                        )}
                    </li>
                ))}
                {change.touched.length > touched.length && (
                    <li class="soft small">{text.more(change.touched.length - touched.length)}</li>
                )}
            </ul>
        </li>
    )
}
