/** Whether a colleague may sign in, and with what: a new password, an end, a way back. */
import { useSignal } from "@preact/signals"
import { api, body, changing, type Schemas } from "../../api/client.ts"
import { aboutOf } from "../../api/problem.ts"
import { session } from "../../api/session.ts"
import { Button, Dialog, Notice } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { useAct } from "../act.ts"
import { Trouble } from "../answered.tsx"
import { Form } from "../form.tsx"
import { useLoaded } from "../loaded.ts"
import { whole } from "../pages.ts"
import { say } from "../said.ts"
import { GivenPassword } from "./password.tsx"

type Person = Schemas["Person"]
interface Props {
    person: Person
    onChanged: () => Promise<void>
}

export function Standing({ person, onChanged }: Props) {
    const text = words.value.deskStaff
    const asked = useSignal<"password" | "end" | "back" | undefined>(undefined)
    const isOneself = session.value?.person.id === person.id
    const done = () => {
        asked.value = undefined
        void onChanged()
    }
    return (
        <div class="row">
            <a class="button" href={`/desk/people/${person.id}/edit`}>
                {text.edit}
            </a>
            {!person.disabled_at && !isOneself && (
                <>
                    <Button onClick={() => (asked.value = "password")}>{text.resetPassword}</Button>
                    <Button kind="bad" onClick={() => (asked.value = "end")}>
                        {text.disable}
                    </Button>
                </>
            )}
            {person.disabled_at && <Button onClick={() => (asked.value = "back")}>{text.enable}</Button>}
            {asked.value === "password" && <NewPassword person={person} onClose={done} />}
            {asked.value === "end" && <End person={person} onClose={done} />}
            {asked.value === "back" && <Back person={person} onClose={done} />}
        </div>
    )
}

interface DialogProps {
    person: Person
    onClose: () => void
}

const change = (person: Person, input: Partial<Schemas["ChangePerson"]>) =>
    body(api.PATCH("/v1/people/{id}", { params: { path: { id: person.id } }, body: changing(input) }))

function NewPassword({ person, onClose }: DialogProps) {
    const text = words.value.deskStaff
    const act = useAct()
    return (
        <Dialog title={text.resetTitle(person.name)} onClose={onClose}>
            <p>{text.resetHint}</p>
            <Form
                act={act}
                save={text.resetPassword}
                onCancel={onClose}
                onSubmit={async (filled) => {
                    if (!(await act.run(() => change(person, { password: filled.secret("password") })))) return
                    say(text.wasReset(person.name))
                    onClose()
                }}
            >
                <GivenPassword label={text.newPassword} error={aboutOf(act.problem)("/password")} />
            </Form>
        </Dialog>
    )
}

/** With what is still in their hands: to be moved before, for nobody sees to it afterwards. */
function End({ person, onClose }: DialogProps) {
    const text = words.value.deskStaff
    const act = useAct()
    const query = { technician: person.id, status: IN_HAND.join(",") }
    const jobs = useLoaded(person.id, () =>
        whole((part) => body(api.GET("/v1/jobs", { params: { query: { ...query, ...part } } }))),
    )
    const count = jobs.data?.length ?? 0
    return (
        <Dialog title={text.disableTitle(person.name)} onClose={onClose}>
            <p>{text.disableHint}</p>
            {count > 0 && (
                <Notice tone="warn">
                    {text.stillHas(count)} <a href={`/desk/jobs?technician=${person.id}`}>{text.showJobs}</a>
                </Notice>
            )}
            <Trouble of={act.problem ?? jobs.problem} />
            <Ways
                act={act}
                what={text.disable}
                isBad
                onCancel={onClose}
                onDo={async () => {
                    if (!(await act.run(() => change(person, { disabled: true })))) return
                    say(text.wasDisabled(person.name))
                    onClose()
                }}
            />
        </Dialog>
    )
}

const IN_HAND: Schemas["Status"][] = [
    "assigned",
    "accepted",
    "appointed",
    "en_route",
    "on_site",
    "working",
    "tested",
    "waiting_part",
    "waiting_customer",
    "waiting_price",
    "in_workshop",
    "customer_absent",
    "awaiting_proof",
]

function Back({ person, onClose }: DialogProps) {
    const text = words.value.deskStaff
    const act = useAct()
    return (
        <Dialog title={text.enableTitle(person.name)} onClose={onClose}>
            <p>{text.enableHint}</p>
            <Trouble of={act.problem} />
            <Ways
                act={act}
                what={text.enable}
                onCancel={onClose}
                onDo={async () => {
                    if (!(await act.run(() => change(person, { disabled: false })))) return
                    say(text.wasEnabled(person.name))
                    onClose()
                }}
            />
        </Dialog>
    )
}

interface WaysProps {
    act: ReturnType<typeof useAct>
    what: string
    isBad?: boolean
    onDo: () => Promise<void>
    onCancel: () => void
}

function Ways({ act, what, isBad, onDo, onCancel }: WaysProps) {
    return (
        <div class="row row-apart">
            <Button onClick={onCancel}>{words.value.everywhere.cancel}</Button>
            <Button kind={isBad ? "bad" : "main"} disabled={act.isBusy} onClick={() => void onDo()}>
                {what}
            </Button>
        </div>
    )
}
