import type { Sheet } from "../../core/sheet.ts"
import { words } from "../../words.ts"
import { type Row, sectionsOf } from "./rows.ts"

/** The service sheet: all of what a signature covers, in the order of the paper. */
export function SheetView({ sheet }: { sheet: Sheet }) {
    return (
        <article class="card sheet">
            <header>
                <h1>{words.value.sign.sheet}</h1>
                <p class="figures soft">{sheet.number}</p>
            </header>
            {sectionsOf(sheet).map(({ title, rows, total }, place) => (
                <section key={place}>
                    <h2>{title}</h2>
                    <dl class="sheet-rows figures">
                        {[...rows, ...(total ? [total] : [])].map((row, place) => (
                            <SheetRow key={place} row={row} isTotal={row === total} />
                        ))}
                    </dl>
                </section>
            ))}
        </article>
    )
}

function SheetRow({ row: { label, value, notes = [], amount }, isTotal }: { row: Row; isTotal: boolean }) {
    const looks = ["sheet-row", amount !== undefined && "sheet-row-priced", isTotal && "sheet-row-total"]
    return (
        <div class={looks.filter(Boolean).join(" ")}>
            <dt>{label}</dt>
            <dd>
                {value}
                {amount}
            </dd>
            {notes.map((note) => (
                <dd key={note} class="sheet-note soft small">
                    {note}
                </dd>
            ))}
        </div>
    )
}
