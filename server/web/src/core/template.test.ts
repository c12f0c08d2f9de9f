/** Where in each shipped checklist the customer accepts, and where the amount is filled in: a visit without such a step has them where they are waited for. */
import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { chargeStep, quoteStep, type Template } from "./template.ts"

const shipped = (id: string): Template => {
    const path = `${import.meta.dirname}/../../../../schema/data/${id}.v1.json`
    return JSON.parse(readFileSync(path, "utf8")) as Template
}

test("every shipped checklist has a place for the offer and one for the amount due", () => {
    const places = ["home_repair", "short_visit"].map(shipped).map((of) => [quoteStep(of)?.id, chargeStep(of)?.id])
    expect(places).toEqual([
        ["quote", "charges"],
        ["before_service", "sign_off"],
    ])
})
