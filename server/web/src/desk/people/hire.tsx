/** Somebody new: who they are, and what they sign in with, to be handed over once. */
import { useSignal } from "@preact/signals"
import { ArrowLeft, UserX } from "lucide"
import { useLocation } from "preact-iso"
import { api, body, type Schemas } from "../../api/client.ts"
import { Icon } from "../../design/icon.tsx"
import { Button, Empty, Notice } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { once } from "../act.ts"
import { may } from "../allowed.ts"
import { type Asked, PersonForm } from "./person_form.tsx"

interface Hired {
    person: Schemas["Person"]
    password: string
}

export function HirePage() {
    const { deskLists, deskStaff, deskShell } = words.value
    const { route } = useLocation()
    const hired = useSignal<Hired | undefined>(undefined)
    const hire = async (asked: Asked) => {
        const { staff_number, ...rest } = asked
        const input = { ...rest, ...(staff_number && { staff_number }) }
        const person = await body(api.POST("/v1/people", { headers: once(), body: input }))
        hired.value = { person, password: asked.password }
    }
    if (!may("manage_people")) return <Empty icon={UserX}>{deskShell.notAllowed}</Empty>
    return (
        <div class="page">
            <a class="small job-back no-print" href="/desk/people">
                <Icon of={ArrowLeft} size={16} /> {deskLists.people.back}
            </a>
            <h1>{deskStaff.hire}</h1>
            {hired.value ? (
                <HandOver hired={hired.value} onAnother={() => (hired.value = undefined)} />
            ) : (
                <>
                    <p class="soft">{deskStaff.hireHint}</p>
                    <PersonForm save={deskStaff.hire} onSave={hire} onCancel={() => route("/desk/people")} />
                </>
            )}
        </div>
    )
}

/** What the new colleague needs, on the screen and on paper; never again after this. */
function HandOver({ hired, onAnother }: { hired: Hired; onAnother: () => void }) {
    const { deskLists, deskStaff } = words.value
    const text = deskLists.people
    const { person, password } = hired
    return (
        <section class="card form-narrow">
            <h2>{deskStaff.hired(person.name)}</h2>
            <dl class="facts">
                <dt>{text.number}</dt>
                <dd class="figures">{person.staff_number}</dd>
                <dt>{text.login}</dt>
                <dd class="figures">{person.login}</dd>
                <dt>{deskStaff.firstPassword}</dt>
                <dd class="figures">{password}</dd>
            </dl>
            <div class="stack no-print">
                <Notice tone="warn">{deskStaff.handOver}</Notice>
                <div class="row">
                    <Button onClick={() => print()}>{deskStaff.print}</Button>
                    <a class="button" href={`/desk/people/${person.id}`}>
                        {deskStaff.toPerson}
                    </a>
                    <Button onClick={onAnother}>{deskStaff.hireAnother}</Button>
                </div>
            </div>
        </section>
    )
}
