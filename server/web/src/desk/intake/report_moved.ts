/**
 * Whether a report that is shown has moved. Asking for the report itself is a look at the customer's number, and logged; the list masks the
 * number and is not, so it is asked first.
 */
import { api, body, type Schemas } from "../../api/client.ts"
import { maskPhone } from "../../core/sheet.ts"

type Report = Schemas["CustomerReport"]

/** Others may have this number in one of their fields. */
const ROWS = 20

/** As the list has it. */
export async function asListed({ id, number }: Report): Promise<Report | undefined> {
    const query = { q: number, limit: ROWS }
    const { items } = await body(api.GET("/v1/reports", { params: { query } }))
    return items.find((report) => report.id === id)
}

/** The list says nothing of repeats and of earlier owners. */
export function isOutdated(shown: Report, listed: Report): boolean {
    return told(shown) !== told(listed)
}

function told({ repeated: _repeated, repeats: _repeats, owners: _owners, ...report }: Report): string {
    const { phone: known } = report.told
    const phone = known && !report.phone_is_masked ? maskPhone(known) : known
    return JSON.stringify({ ...report, phone_is_masked: true, told: { ...report.told, phone } })
}
