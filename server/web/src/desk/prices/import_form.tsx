import { useSignal } from "@preact/signals"
import { api, body, type Schemas } from "../../api/client.ts"
import { Problem } from "../../api/problem.ts"
import { Button, Field, Notice } from "../../design/parts.tsx"
import { pick, words } from "../../words.ts"
import { useAct } from "../act.ts"
import { Trouble } from "../answered.tsx"
import { say } from "../said.ts"
import { moment } from "../../design/dates.ts"

/** A new price list, whole or not at all; every wrong cell is named by row and column. */
export function ImportForm({ onImported }: { onImported: () => Promise<void> }) {
    const text = words.value.deskLists.prices
    const act = useAct()
    const file = useSignal<File | undefined>(undefined)
    const submit = async (event: SubmitEvent) => {
        event.preventDefault()
        const form = event.currentTarget as HTMLFormElement
        const filled = new FormData(form)
        const chosen = file.value
        if (!chosen) return
        const from = String(filled.get("valid_from") ?? "")
        const went = await act.run(async () => {
            const version = await importList(chosen, String(filled.get("name")), from)
            say(text.imported(version.version, version.items))
        })
        if (!went) return
        form.reset()
        file.value = undefined
        await onImported()
    }
    const errors = act.problem instanceof Problem ? (act.problem.body?.errors ?? []) : []
    return (
        <form class="card" onSubmit={submit}>
            <h2>{text.import}</h2>
            <p class="small soft">{text.importHint}</p>
            <Field name="name" label={text.listName} required maxLength={100} />
            <Field name="valid_from" label={text.validFrom} type="date" />
            <Field
                label={text.file}
                type="file"
                accept=".csv,text/csv"
                required
                onChange={(event) => {
                    file.value = event.currentTarget.files?.[0]
                    act.forget()
                }}
            />
            {errors.length > 0 ? <Errors errors={errors} /> : <Trouble of={act.problem} />}
            <Button type="submit" kind="main" disabled={act.isBusy || !file.value}>
                {text.import}
            </Button>
        </form>
    )
}

async function importList(file: File, name: string, from: string): Promise<Schemas["PriceListVersion"]> {
    const query = { name, ...(from && { valid_from: new Date(moment(from)).toISOString() }) }
    return body(
        api.POST("/v1/price-lists", {
            params: { query },
            headers: { "Content-Type": "text/csv" },
            body: await file.text(),
            bodySerializer: (csv) => csv,
        }),
    )
}

/** As in `row 3, column price_fen`. */
function cellOf(at: string): { row: string; column: string } {
    const found = /^row (\d+)(?:, column (.+))?$/.exec(at)
    return { row: found?.[1] ?? at, column: found?.[2] ?? "" }
}

function Errors({ errors }: { errors: Schemas["FieldError"][] }) {
    const text = words.value.deskLists.prices
    return (
        <div class="stack">
            <Notice tone="bad">{text.errors(errors.length)}</Notice>
            <div class="table-frame import-errors" role="region" tabIndex={0} aria-label={text.what}>
                <table class="table">
                    <thead>
                        <tr>
                            <th>{text.row}</th>
                            <th>{text.column}</th>
                            <th>{text.what}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {errors.map((error) => {
                            const { row, column } = cellOf(error.at)
                            return (
                                <tr key={error.at}>
                                    <td class="figures">{row}</td>
                                    <td>{column}</td>
                                    <td>{pick(error)}</td>
                                </tr>
                            )
                        })}
                    </tbody>
                </table>
            </div>
        </div>
    )
}
