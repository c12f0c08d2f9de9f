import type { CommonWords } from "../../words.ts"
import { status } from "./status.ts"

export const terms: CommonWords["terms"] = {
    status,
    urgency: { urgent: "Urgent", general: "General" },
    reportField: {
        name: "Name",
        phone: "Phone",
        address: "Address",
        fault: "Fault",
        product: "Product",
        model: "Model",
        serial: "Serial number",
        purchased_on: "Purchased on",
        wanted: "Wanted time",
        urgency: "Urgency",
        skill: "Trade",
        area: "Part of building",
    },
    area: { own: "Customer's own part", shared: "Shared part" },
    customerClass: { ordinary: "Ordinary", key: "Key customer", contract: "Contract customer" },
    hold: {
        part: "Waits for a part",
        customer: "Waits for the customer",
        price: "Waits for a price",
        workshop: "In the workshop",
        absent: "Nobody home",
        proof: "Waits for proof",
    },
    mark: { done: "Done", skipped: "Skipped", not_applicable: "Not applicable", failed: "Failed", open: "Not done" },
    how: { phone_screen: "Signed on the phone", link: "By the customer's link", desk_call: "Told on the phone" },
    itemKind: { labour: "Labour", part: "Part", fee: "Fee" },
}
