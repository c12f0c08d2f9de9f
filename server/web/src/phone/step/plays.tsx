import { Quote as QuoteIcon } from "lucide"
import type { JobView } from "../../core/handset.ts"
import type { StepTemplate } from "../../core/template.ts"
import { Button, Tag } from "../../design/parts.tsx"
import { Icon } from "../../design/icon.tsx"
import { pick, words } from "../../words.ts"
import { me, newEntry, now, write } from "../phone.ts"

/** What to say, in the words of the trade. */
export function Phrases({ step }: { step: StepTemplate }) {
    const said = words.value.step
    if ((step.phrases ?? []).length === 0) return null
    return (
        <details class="card">
            <summary>{said.say}</summary>
            <ul class="stack">
                {(step.phrases ?? []).map((phrase) => (
                    <li key={phrase.say.zh} class="phrase">
                        <Icon of={QuoteIcon} size={16} />
                        <div>
                            <p>{pick(phrase.say)}</p>
                            {phrase.avoid && (
                                <p class="soft small">{words.value.everywhere.pair(said.avoid, pick(phrase.avoid))}</p>
                            )}
                        </div>
                    </li>
                ))}
            </ul>
        </details>
    )
}

/** What can go wrong at this step and what to do; choosing one records that it happened. */
export function Plays({ job, step }: { job: JobView; step: StepTemplate }) {
    const said = words.value.step
    const plays = step.plays ?? []
    if (plays.length === 0) return null
    const happened = new Set(
        Object.values(job.record.plays)
            .filter((play) => play.step === step.id)
            .map((play) => play.play),
    )
    const choose = (play: string) => {
        const by = me.value?.person
        if (by)
            void write(job.id, [
                { edit: "play", id: newEntry(), play: { step: step.id, play, by, at: now(), note: null } },
            ])
    }
    return (
        <details class="card" open={happened.size > 0}>
            <summary>{said.happens}</summary>
            <ul class="stack">
                {plays.map((play) => (
                    <li key={play.id}>
                        <details class="play">
                            <summary>
                                {pick(play.happens)} {happened.has(play.id) && <Tag tone="info">{said.chosen}</Tag>}
                            </summary>
                            <div class="stack">
                                <p>{pick(play.action)}</p>
                                {!happened.has(play.id) && !job.gone && (
                                    <Button onClick={() => choose(play.id)}>{said.choose}</Button>
                                )}
                            </div>
                        </details>
                    </li>
                ))}
            </ul>
        </details>
    )
}
