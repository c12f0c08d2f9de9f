import type { Words } from "../../words.ts"

export const status: Words["status"] = {
    reported: "Reported, data missing",
    ready: "Ready",
    assigned: "Assigned",
    accepted: "Accepted",
    appointed: "Appointed",
    en_route: "En route",
    on_site: "On site",
    working: "Working",
    tested: "Tested",
    signed: "Signed off",
    closed: "Closed",
    waiting_part: "Waiting for a part",
    waiting_customer: "Waiting for the customer",
    waiting_price: "Waiting for a price",
    in_workshop: "In the workshop",
    customer_absent: "Customer absent",
    awaiting_proof: "Awaiting proof",
    solved_remotely: "Solved remotely",
    cancelled: "Cancelled",
    reopened: "Re-opened",
}
