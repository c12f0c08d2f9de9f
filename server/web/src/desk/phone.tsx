/** A customer's number: masked, and whole for who may see it, on asking; each look is logged. */
import { useSignal } from "@preact/signals"
import { api, body, type Schemas } from "../api/client.ts"
import { Button } from "../design/parts.tsx"
import { words } from "../words.ts"
import { useAct } from "./act.ts"
import { may } from "./allowed.ts"
import { Trouble } from "./answered.tsx"

type Reachable = Pick<Schemas["Job"], "customer" | "report">

/** The whole number stands with the customer, or where there is none with the report: there the look is logged. */
async function look({ customer, report }: Reachable): Promise<string> {
    if (customer) return (await body(api.GET("/v1/customers/{id}", { params: { path: { id: customer } } }))).phone
    return (await body(api.GET("/v1/reports/{id}", { params: { path: { id: report } } }))).told.phone ?? ""
}

/** Of a job that is here. */
export function Phone({ job }: { job: Schemas["Job"] }) {
    return <Shown masked={job.phone ?? ""} ask={() => look(job)} />
}

/** Of a job that is not. */
export function PhoneOfJob({ job }: { job: string }) {
    const ask = async () => look((await body(api.GET("/v1/jobs/{id}", { params: { path: { id: job } } }))).job)
    return <Shown ask={ask} />
}

interface ShownProps {
    /** None where it is not known here; then it may be asked for all the same. */
    masked?: string
    ask: () => Promise<string>
}

function Shown({ masked, ask }: ShownProps) {
    const text = words.value.deskJob
    const whole = useSignal<string | undefined>(undefined)
    const act = useAct()
    if (whole.value)
        return (
            <a class="figures" href={`tel:${whole.value}`}>
                {whole.value}
            </a>
        )
    const isToAsk = may("see_phones") && masked !== "" && whole.value === undefined
    return (
        <>
            <span class="figures">{whole.value === "" ? "–" : masked}</span>{" "}
            {isToAsk && (
                <Button
                    kind="quiet"
                    class="button-inline"
                    title={text.phoneLogged}
                    disabled={act.isBusy}
                    onClick={() => void act.run(async () => (whole.value = await ask()))}
                >
                    {text.showPhone}
                </Button>
            )}
            <Trouble of={act.problem} />
        </>
    )
}
