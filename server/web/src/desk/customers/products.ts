/** The products of a customer, as their reports name them: each once, by its serial where it has one. */
import type { Schemas } from "../../api/client.ts"

export interface Product {
    product: string
    model: string
    serial: string
    purchasedOn: string
    /** How often it was reported. */
    reports: number
}

export function productsOf(reports: Schemas["CustomerReport"][]): Product[] {
    const known = new Map<string, Product>()
    for (const { told } of reports) {
        const [product, model, serial] = [told.product ?? "", told.model ?? "", told.serial ?? ""]
        if (!product && !model && !serial) continue
        const key = serial || `${product} ${model}`
        const before = known.get(key)
        known.set(key, {
            product: before?.product || product,
            model: before?.model || model,
            serial,
            purchasedOn: before?.purchasedOn || (told.purchased_on ?? ""),
            reports: (before?.reports ?? 0) + 1,
        })
    }
    return [...known.values()]
}
