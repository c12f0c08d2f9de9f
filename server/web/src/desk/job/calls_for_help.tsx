/** Calls for help of a job: who, when and why, and where they stand, as far as that is known. */
import type { Schemas } from "../../api/client.ts"
import { complete } from "../../core/record.ts"
import { pointText } from "../../core/travel.ts"
import { dayAndTime } from "../../design/dates.ts"
import { Notice } from "../../design/parts.tsx"
import { distanceText } from "../../design/ways.ts"
import { pick, words } from "../../words.ts"
import { whereabouts } from "./call_for_help.ts"
import { type Detail, nameOf } from "./job.tsx"

type Alarm = Schemas["Alarm"]

interface Props {
    detail: Detail
    template: Schemas["Template"] | undefined
}

export function CallsForHelp({ detail, template }: Props) {
    const { deskJob } = words.value
    return Object.entries(detail.record.alarms ?? {}).map(([id, alarm]) => (
        <Notice key={id} tone="bad">
            <strong>{deskJob.alarm}</strong> {alarm.reason} ·{" "}
            {deskJob.alarmBy(nameOf(detail, alarm.by), dayAndTime(alarm.at))}
            <br />
            <Where detail={detail} template={template} alarm={alarm} />
        </Notice>
    ))
}

function Where({ detail, template, alarm }: Props & { alarm: Alarm }) {
    const { deskJob, travel } = words.value
    const known = whereabouts(complete(detail.record), alarm)
    if (!known) return deskJob.alarmNowhere
    const { place, metres, last } = known
    const step = last && template?.steps.find(({ id }) => id === last.step)
    return (
        <>
            {last && (
                <>
                    {deskJob.alarmLast(step ? pick(step.name) : last.step, dayAndTime(last.at))}
                    <br />
                </>
            )}
            <span class="figures">{deskJob.alarmPlace(pointText(place), travel.metres(place.accuracy_m))}</span>
            {metres !== undefined && (
                <> · {deskJob.alarmWay(metres < 1_000 ? travel.metres(metres) : distanceText(metres))}</>
            )}
        </>
    )
}
