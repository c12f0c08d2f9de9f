/** Who works here. */
import { UserX } from "lucide"
import { useLocation } from "preact-iso"
import { api, body, type Schemas } from "../../api/client.ts"
import { Empty, Field, Tag } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { Answered } from "../answered.tsx"
import { may } from "../allowed.ts"
import { Choice } from "../choice.tsx"
import { useLoaded } from "../loaded.ts"
import { PAGE_ROWS, whole } from "../pages.ts"

type Person = Schemas["Person"]
type Query = Record<string, string>

export function People() {
    const { deskLists, deskShell, deskStaff, terms } = words.value
    const text = deskLists.people
    const { query, route } = useLocation()
    const set = (changes: Query) => {
        const wanted = new URLSearchParams({ ...query, ...changes })
        for (const [key, value] of [...wanted]) if (!value) wanted.delete(key)
        route(`/desk/people${wanted.size > 0 ? `?${wanted}` : ""}`, true)
    }
    const { role, disabled } = query
    const loaded = useLoaded(`${role} ${disabled}`, () => load(role, disabled === "1"), {
        keepsLast: true,
        movesWith: () => false,
    })
    return (
        <div class="page">
            <div class="page-head">
                <h1>{text.title}</h1>
                {may("manage_people") && (
                    <a class="button button-main no-print" href="/desk/people/new">
                        {deskStaff.hire}
                    </a>
                )}
            </div>
            <div class="filters no-print">
                <Field
                    label={deskShell.search}
                    type="search"
                    value={query.q ?? ""}
                    onInput={(event) => set({ q: event.currentTarget.value })}
                />
                <Choice label={text.role} value={role ?? ""} onChoose={(chosen) => set({ role: chosen })}>
                    <option value="">{text.everyRole}</option>
                    {Object.entries(terms.role).map(([value, name]) => (
                        <option key={value} value={value}>
                            {name}
                        </option>
                    ))}
                </Choice>
                {may("manage_people") && (
                    <label class="row job-check">
                        <input
                            type="checkbox"
                            checked={disabled === "1"}
                            onChange={(event) => set({ disabled: event.currentTarget.checked ? "1" : "" })}
                        />
                        {text.withDisabled}
                    </label>
                )}
            </div>
            <Answered of={loaded}>{(people) => <Table people={people.filter(named(query.q ?? ""))} />}</Answered>
        </div>
    )
}

function load(role: string | undefined, withDisabled: boolean): Promise<Person[]> {
    return whole((after) => {
        const query = {
            limit: PAGE_ROWS,
            ...(role && { role: role as Schemas["Role"] }),
            ...(withDisabled && { with_disabled: true }),
            ...(after && { after }),
        }
        return body(api.GET("/v1/people", { params: { query } }))
    })
}

function named(typed: string): (person: Person) => boolean {
    const part = typed.trim().toLowerCase()
    return (person) =>
        [person.name, person.staff_number, person.login, person.phone].some((text) =>
            text?.toLowerCase().includes(part),
        )
}

function Table({ people }: { people: Person[] }) {
    const { deskLists, terms } = words.value
    const text = deskLists.people
    if (people.length === 0) return <Empty icon={UserX}>{text.none}</Empty>
    return (
        <div class="table-frame">
            <table class="table">
                <thead>
                    <tr>
                        <th>{text.name}</th>
                        <th>{text.number}</th>
                        <th>{text.role}</th>
                        <th>{text.phone}</th>
                        <th>{text.skills}</th>
                    </tr>
                </thead>
                <tbody>
                    {people.map((person) => (
                        <tr key={person.id}>
                            <td class="keep">
                                <a href={`/desk/people/${person.id}`}>{person.name}</a>{" "}
                                {person.disabled_at && <Tag>{text.disabled}</Tag>}
                            </td>
                            <td class="figures">{person.staff_number}</td>
                            <td>{terms.role[person.role]}</td>
                            <td class="figures keep">{person.phone}</td>
                            <td>{person.skills.map((skill) => terms.skill[skill] ?? skill).join(" · ")}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    )
}
