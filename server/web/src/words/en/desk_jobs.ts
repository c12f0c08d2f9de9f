import type { Words } from "../../words.ts"

export const deskJobs: Words["deskJobs"] = {
    title: "Jobs",
    status: "State",
    open: "Not finished",
    all: "All",
    everybody: "Everybody",
    reportedFrom: "Reported from",
    reportedTo: "Reported to",
    overdue: "Overdue",
    conflicts: "Two values",
    matters: "For the supervisor",
    alarm: "Call for help",
    rework: "Rework",
    number: "Number",
    customer: "Customer",
    matter: "Product and fault",
    visit: "Visit",
    due: "Due",
    none: "No job fits",
}
