import { MapPin } from "lucide"
import { useEffect } from "preact/hooks"
import type { StepTemplate } from "../../core/template.ts"
import { Icon } from "../../design/icon.tsx"
import { Button } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { answerPlace, looking, lookUp, placeNow, tellsPlace } from "../here.ts"

/** Where the customer's door is passed: the tick says where it was made. */
export function saysPlace(step: StepTemplate): boolean {
    return step.stage === "arrival" || step.id === "farewell"
}

/** Asks once whether places may be noted; then says where the phone is, and how sure that is. */
export function Here() {
    const said = words.value.here
    const answer = tellsPlace.value
    useEffect(() => {
        if (answer === "yes") void lookUp()
    }, [answer])
    if (answer === "no") return null
    if (answer === undefined)
        return (
            <section class="card">
                <h2>{said.ask}</h2>
                <p>{said.why}</p>
                <div class="row endings">
                    <Button onClick={() => answerPlace("no")}>{said.no}</Button>
                    <Button kind="main" onClick={() => answerPlace("yes")}>
                        {said.yes}
                    </Button>
                </div>
            </section>
        )
    const place = placeNow()
    return (
        <p class="soft small here" role="status">
            <Icon of={MapPin} size={16} />
            {place ? said.found(place.accuracy_m) : said.states[looking.value]}
        </p>
    )
}
