import { useSignal } from "@preact/signals"
import type { Schemas } from "../../api/client.ts"
import { aboutOf } from "../../api/problem.ts"
import { Field } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { useAct } from "../act.ts"
import { Choice, Options } from "../choice.tsx"
import { type Filled, Form } from "../form.tsx"
import { placeFields, placeOf } from "./place.ts"

export interface Asked {
    name: string
    /** None where the one that is known stays. */
    phone: string | undefined
    address: string
    class: Schemas["CustomerClass"]
    refuses_calls: boolean
    latitude_e6?: number
    longitude_e6?: number
}

interface Props {
    customer?: Schemas["Customer"]
    save: string
    onSave: (asked: Asked) => Promise<unknown>
    onCancel: () => void
}

/** What is on file about a customer. */
export function CustomerForm({ customer, save, onSave, onCancel }: Props) {
    const { deskCustomers, terms } = words.value
    const act = useAct()
    const about = aboutOf(act.problem)
    const isPlaceWrong = useSignal(false)
    const submit = async (filled: Filled) => {
        const place = placeOf(filled.text("place"))
        isPlaceWrong.value = place === "wrong"
        if (place === "wrong") return
        const asked: Asked = {
            name: filled.text("name"),
            phone: filled.some("phone"),
            address: filled.text("address"),
            class: filled.text("class") as Schemas["CustomerClass"],
            refuses_calls: filled.is("refuses_calls"),
            ...place,
        }
        await act.run(() => onSave(asked))
    }
    return (
        <Form act={act} class="card form-narrow" save={save} onSubmit={submit} onCancel={onCancel}>
            <div class="form-two">
                <Field
                    label={deskCustomers.name}
                    name="name"
                    defaultValue={customer?.name ?? ""}
                    error={about("/name")}
                    required
                    autocomplete="off"
                />
                <Field
                    label={deskCustomers.phone}
                    name="phone"
                    inputMode="tel"
                    {...(customer && { hint: deskCustomers.phoneKeep })}
                    required={!customer}
                    error={about("/phone")}
                    autocomplete="off"
                />
            </div>
            <Field
                label={deskCustomers.address}
                name="address"
                defaultValue={customer?.address ?? ""}
                error={about("/address")}
                required
                autocomplete="off"
            />
            <div class="form-two">
                <Choice label={deskCustomers.class} name="class" hint={deskCustomers.classHint} error={about("/class")}>
                    <Options of={terms.customerClass} chosen={customer?.class ?? "ordinary"} />
                </Choice>
                <Field
                    label={deskCustomers.place}
                    name="place"
                    hint={deskCustomers.placeHint}
                    defaultValue={placeFields(customer)}
                    error={
                        isPlaceWrong.value
                            ? deskCustomers.wrongPlace
                            : (about("/latitude_e6") ?? about("/longitude_e6"))
                    }
                    autocomplete="off"
                />
            </div>
            <label class="row job-check">
                <input type="checkbox" name="refuses_calls" defaultChecked={customer?.refuses_calls} />
                {deskCustomers.refuses}
            </label>
        </Form>
    )
}
