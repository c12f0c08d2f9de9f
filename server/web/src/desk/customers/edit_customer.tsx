/** A customer who is new, or whose data change. */
import { ArrowLeft, UserX } from "lucide"
import { useLocation, useRoute } from "preact-iso"
import { api, body, changing, type Schemas } from "../../api/client.ts"
import { Icon } from "../../design/icon.tsx"
import { Empty } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { once } from "../act.ts"
import { may } from "../allowed.ts"
import { Answered } from "../answered.tsx"
import { useLoaded } from "../loaded.ts"
import { say } from "../said.ts"
import { type Asked, CustomerForm } from "./customer_form.tsx"

export function NewCustomerPage() {
    const { deskCustomers, deskShell } = words.value
    const { route } = useLocation()
    const save = async ({ phone, ...rest }: Asked) => {
        const input = { ...rest, phone: phone ?? "" }
        const customer = await body(api.POST("/v1/customers", { headers: once(), body: input }))
        say(deskCustomers.created(customer.name))
        route(`/desk/customers/${customer.id}`)
    }
    if (!may("keep_customers")) return <Empty icon={UserX}>{deskShell.notAllowed}</Empty>
    return (
        <div class="page">
            <a class="small job-back" href="/desk/customers">
                <Icon of={ArrowLeft} size={16} /> {deskCustomers.back}
            </a>
            <h1>{deskCustomers.create}</h1>
            <CustomerForm save={deskCustomers.create} onSave={save} onCancel={() => route("/desk/customers")} />
        </div>
    )
}

export function EditCustomerPage() {
    const { deskCustomers, deskShell, everywhere } = words.value
    const { route } = useLocation()
    const id = useRoute().params.id ?? ""
    const path = { id }
    const here = `/desk/customers/${id}`
    const loaded = useLoaded(id, () => body(api.GET("/v1/customers/{id}", { params: { path } })), {
        movesWith: () => false,
    })
    const save = async ({ phone, ...rest }: Asked) => {
        const input = changing<Schemas["PatchCustomer"]>({ ...rest, ...(phone && { phone }) })
        const customer = await body(api.PATCH("/v1/customers/{id}", { params: { path }, body: input }))
        say(deskCustomers.saved(customer.name))
        route(here)
    }
    if (!may("keep_customers")) return <Empty icon={UserX}>{deskShell.notAllowed}</Empty>
    return (
        <div class="page">
            <a class="small job-back" href={here}>
                <Icon of={ArrowLeft} size={16} /> {everywhere.back}
            </a>
            <Answered of={loaded}>
                {(customer) => (
                    <>
                        <h1>{deskCustomers.editOf(customer.name)}</h1>
                        <CustomerForm
                            key={customer.id}
                            customer={customer}
                            save={everywhere.save}
                            onSave={save}
                            onCancel={() => route(here)}
                        />
                    </>
                )}
            </Answered>
        </div>
    )
}
