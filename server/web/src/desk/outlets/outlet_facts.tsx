/** How an outlet works, to read: what it has set, beside what is usual. */
import type { Schemas } from "../../api/client.ts"
import { pointText } from "../../core/travel.ts"
import { Tag } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { figures } from "./figures.ts"
import { lengthText } from "./length_fields.tsx"
import type { Defaults } from "./settings.ts"

interface Props {
    outlet: Schemas["Outlet"]
    defaults: Defaults
}

export function OutletFacts({ outlet, defaults }: Props) {
    const { deskLists, deskOutlets } = words.value
    const text = deskLists.outlets
    const { settings } = outlet
    return (
        <div class="job-halves">
            <section class="card" aria-label={deskOutlets.basics}>
                <h2>{deskOutlets.basics}</h2>
                <dl class="facts">
                    <dt>{text.phone}</dt>
                    <dd class="figures">{outlet.phone || "–"}</dd>
                    <dt>{text.zone}</dt>
                    <dd>{outlet.time_zone}</dd>
                    <dt>{text.collects}</dt>
                    <dd>{text.collectsBy[settings.collects ?? "desk"]}</dd>
                    <dt>{deskOutlets.setupBetween}</dt>
                    <dd>{deskOutlets.between[settings.setup_between ?? "free"]}</dd>
                    <dt>{text.base}</dt>
                    <dd class="figures">{settings.base ? pointText(settings.base) : "–"}</dd>
                    {figures().map(([name, label, told]) => (
                        <>
                            <dt>{label}</dt>
                            <dd class="figures">
                                {told(settings[name] ?? defaults.settings[name] ?? 0)}{" "}
                                {settings[name] !== defaults.settings[name] && (
                                    <span class="small soft">
                                        {deskOutlets.usual(told(defaults.settings[name] ?? 0))}
                                    </span>
                                )}
                            </dd>
                        </>
                    ))}
                </dl>
                <p class="small soft no-print">{deskOutlets.notYours}</p>
            </section>
            <section class="card" aria-label={deskOutlets.clocks}>
                <h2>{deskOutlets.clocks}</h2>
                <dl class="facts outlet-limits">
                    {defaults.clocks.map((clock) => {
                        const set = settings.clocks?.[clock.id]
                        return (
                            <>
                                <dt>{pick(clock.name)}</dt>
                                <dd class="figures">
                                    {lengthText(set?.length ?? clock.length)}{" "}
                                    {set?.off && <Tag tone="warn">{deskOutlets.isOff}</Tag>}
                                    {set && !set.off && (
                                        <span class="small soft">{deskOutlets.usual(lengthText(clock.length))}</span>
                                    )}
                                </dd>
                            </>
                        )
                    })}
                </dl>
            </section>
        </div>
    )
}
