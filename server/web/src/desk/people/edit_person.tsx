/** What is on file about a colleague, to be changed. */
import { ArrowLeft, UserX } from "lucide"
import { useLocation, useRoute } from "preact-iso"
import { api, body, changing, type Schemas } from "../../api/client.ts"
import { Icon } from "../../design/icon.tsx"
import { Empty } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { may } from "../allowed.ts"
import { Answered } from "../answered.tsx"
import { useLoaded } from "../loaded.ts"
import { say } from "../said.ts"
import { type Asked, PersonForm } from "./person_form.tsx"

export function EditPersonPage() {
    const { deskShell, deskStaff, everywhere } = words.value
    const { route } = useLocation()
    const id = useRoute().params.id ?? ""
    const path = { id }
    const loaded = useLoaded(id, () => body(api.GET("/v1/people/{id}", { params: { path } })), {
        movesWith: () => false,
    })
    const save = async (asked: Asked) => {
        const { login: _login, password: _password, staff_number, ...rest } = asked
        const input = changing<Schemas["ChangePerson"]>({ ...rest, ...(staff_number && { staff_number }) })
        const person = await body(api.PATCH("/v1/people/{id}", { params: { path }, body: input }))
        say(deskStaff.saved(person.name))
        route(`/desk/people/${id}`)
    }
    if (!may("manage_people")) return <Empty icon={UserX}>{deskShell.notAllowed}</Empty>
    return (
        <div class="page">
            <a class="small job-back" href={`/desk/people/${id}`}>
                <Icon of={ArrowLeft} size={16} /> {everywhere.back}
            </a>
            <Answered of={loaded}>
                {(person) => (
                    <>
                        <h1>{deskStaff.editOf(person.name)}</h1>
                        <PersonForm
                            key={person.id}
                            person={person}
                            save={everywhere.save}
                            onSave={save}
                            onCancel={() => route(`/desk/people/${id}`)}
                        />
                    </>
                )}
            </Answered>
        </div>
    )
}
