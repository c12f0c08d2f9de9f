/** The outlets as they work, and the checklists that visits begin with. */
import { api, body, type Schemas } from "../../api/client.ts"
import { pointText } from "../../core/travel.ts"
import { Tag } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { may } from "../allowed.ts"
import { Answered } from "../answered.tsx"
import { Listed } from "../listed.tsx"
import { useLoaded } from "../loaded.ts"
import { useList } from "../pages.ts"
import { PublishForm } from "./publish.tsx"
import { Versions } from "./versions.tsx"
import "./outlets.css"

export function Outlets() {
    const text = words.value.deskLists.outlets
    const outlets = useList("outlets", (part) => body(api.GET("/v1/outlets", { params: { query: part } })), {
        movesWith: () => false,
    })
    const templates = useLoaded("templates", () => body(api.GET("/v1/templates")), { movesWith: () => false })
    return (
        <div class="page">
            <div class="page-head">
                <h1>{text.title}</h1>
                {may("manage_people") && (
                    <a class="button button-main no-print" href="/desk/outlets/new">
                        {words.value.deskOutlets.create}
                    </a>
                )}
            </div>
            <div class="job-halves">
                <div class="stack">
                    <Listed of={outlets}>
                        {(found) => found.map((outlet) => <OutletCard key={outlet.id} outlet={outlet} />)}
                    </Listed>
                </div>
                <div class="stack">
                    <section class="card" aria-label={text.templates}>
                        <h2>{text.templates}</h2>
                        <Answered of={templates}>{(found) => <Versions of={found} />}</Answered>
                    </section>
                    {may("publish_templates") && <PublishForm onPublished={templates.reload} />}
                </div>
            </div>
        </div>
    )
}

function OutletCard({ outlet }: { outlet: Schemas["Outlet"] }) {
    const text = words.value.deskLists.outlets
    const { settings } = outlet
    const rows: [string, string | undefined][] = [
        [text.phone, outlet.phone],
        [text.zone, outlet.time_zone],
        [text.collects, settings.collects && text.collectsBy[settings.collects]],
        [text.travel, told(settings.travel_minutes, text.minutes)],
        [text.base, settings.base ? pointText(settings.base) : undefined],
        [text.detour, told(settings.detour_percent, text.percent)],
        [text.speed, told(settings.speed_kmh, text.kmh)],
        [text.followUp, told(settings.follow_up_percent, text.percent)],
        [text.lowRating, told(settings.low_rating_max, text.points)],
        [text.callTries, told(settings.call_tries, text.times)],
        [text.repeatDays, told(settings.repeat_window_days, text.days)],
        [text.questionMinutes, told(settings.question_minutes, text.minutes)],
        [text.priceMinutes, told(settings.price_request_minutes, text.minutes)],
    ]
    return (
        <section class="card" aria-label={outlet.name}>
            <div class="row">
                <h2>{outlet.name}</h2>
                <Tag>{outlet.code}</Tag>
                <a class="outlet-more no-print" href={`/desk/outlets/${outlet.id}`}>
                    {may("manage_people") ? words.value.deskOutlets.edit : words.value.deskOutlets.details}
                    <span class="unseen"> {outlet.name}</span>
                </a>
            </div>
            <dl class="facts">
                {rows.map(
                    ([name, value]) =>
                        value && (
                            <>
                                <dt>{name}</dt>
                                <dd class="figures">{value}</dd>
                            </>
                        ),
                )}
            </dl>
        </section>
    )
}

const told = (count: number | undefined, words: (count: number) => string) =>
    count === undefined ? undefined : words(count)
