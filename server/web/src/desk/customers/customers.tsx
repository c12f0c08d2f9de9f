/** Who calls us; found by name, number or address. */
import { UserX } from "lucide"
import { useLocation } from "preact-iso"
import { api, body, type Schemas } from "../../api/client.ts"
import { Empty, Field, Tag } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { may } from "../allowed.ts"
import { Choice, Options } from "../choice.tsx"
import { Listed } from "../listed.tsx"
import { useList } from "../pages.ts"

type Class = Schemas["CustomerClass"]

export function CustomersPage() {
    const { deskCustomers, terms } = words.value
    const { query, route } = useLocation()
    const set = (changes: Record<string, string>) => {
        const wanted = new URLSearchParams({ ...query, ...changes })
        for (const [key, value] of [...wanted]) if (!value) wanted.delete(key)
        route(`/desk/customers${wanted.size > 0 ? `?${wanted}` : ""}`, true)
    }
    const asked = {
        ...(query.q?.trim() && { q: query.q.trim() }),
        ...(query.class && { class: query.class as Class }),
    }
    const list = useList(
        JSON.stringify(asked),
        (part) => body(api.GET("/v1/customers", { params: { query: { ...asked, ...part } } })),
        { movesWith: () => false },
    )
    return (
        <div class="page">
            <div class="page-head">
                <h1>{deskCustomers.title}</h1>
                {may("keep_customers") && (
                    <a class="button button-main no-print" href="/desk/customers/new">
                        {deskCustomers.create}
                    </a>
                )}
            </div>
            <div class="filters no-print">
                <Field
                    label={deskCustomers.search}
                    type="search"
                    value={query.q ?? ""}
                    onInput={(event) => set({ q: event.currentTarget.value })}
                />
                <Choice
                    label={deskCustomers.class}
                    value={query.class ?? ""}
                    onChoose={(chosen) => set({ class: chosen })}
                >
                    <option value="">{deskCustomers.everyClass}</option>
                    <Options of={terms.customerClass} chosen={query.class} />
                </Choice>
            </div>
            <Listed of={list} empty={<Empty icon={UserX}>{deskCustomers.none}</Empty>}>
                {(customers) => <Table customers={customers} />}
            </Listed>
        </div>
    )
}

function Table({ customers }: { customers: Schemas["Customer"][] }) {
    const { deskCustomers, terms } = words.value
    return (
        <div class="table-frame">
            <table class="table table-cards">
                <thead>
                    <tr>
                        <th>{deskCustomers.name}</th>
                        <th>{deskCustomers.phone}</th>
                        <th>{deskCustomers.address}</th>
                        <th>{deskCustomers.class}</th>
                    </tr>
                </thead>
                <tbody>
                    {customers.map((customer) => (
                        <tr key={customer.id}>
                            <td class="keep">
                                <a href={`/desk/customers/${customer.id}`}>{customer.name}</a>
                            </td>
                            <td class="figures keep">{customer.phone}</td>
                            <td>{customer.address}</td>
                            <td class="keep">
                                {terms.customerClass[customer.class]}{" "}
                                {customer.refuses_calls && <Tag tone="warn">{deskCustomers.refuses}</Tag>}
                            </td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    )
}
