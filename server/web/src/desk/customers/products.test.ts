import { expect, test } from "vitest"
import type { Schemas } from "../../api/client.ts"
import { productsOf } from "./products.ts"

type Told = Partial<Schemas["Report"]>
const reports = (...told: Told[]) => told.map((one) => ({ told: one }) as Schemas["CustomerReport"])

test("a product that was reported twice is one, and keeps what either report knew of it", () => {
    const found = productsOf(
        reports(
            { product: "热水器", serial: "HT-1", purchased_on: "2025-03-01" },
            { product: "热水器", model: "JSQ30", serial: "HT-1" },
            { product: "空调" },
            { fault: "没水" },
        ),
    )
    expect(found).toEqual([
        { product: "热水器", model: "JSQ30", serial: "HT-1", purchasedOn: "2025-03-01", reports: 2 },
        { product: "空调", model: "", serial: "", purchasedOn: "", reports: 1 },
    ])
})
