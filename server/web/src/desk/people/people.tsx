/** Who works here. */
import { UserX } from "lucide"
import { useLocation } from "preact-iso"
import { api, body, type Schemas } from "../../api/client.ts"
import { Empty, Field, Tag } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { may } from "../allowed.ts"
import { Choice } from "../choice.tsx"
import { Listed } from "../listed.tsx"
import { useList } from "../pages.ts"

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
    const q = query.q?.trim()
    const asked = {
        ...(q && { q }),
        ...(role && { role: role as Schemas["Role"] }),
        ...(disabled === "1" && { with_disabled: true }),
    }
    const list = useList(
        JSON.stringify(asked),
        (part) => body(api.GET("/v1/people", { params: { query: { ...asked, ...part } } })),
        { movesWith: () => false },
    )
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
            <Listed of={list} empty={<Empty icon={UserX}>{text.none}</Empty>}>
                {(people) => <Table people={people} />}
            </Listed>
        </div>
    )
}

function Table({ people }: { people: Person[] }) {
    const { deskLists, terms } = words.value
    const text = deskLists.people
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
