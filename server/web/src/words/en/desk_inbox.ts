import type { Words } from "../../words.ts"

export const deskInbox: Words["deskInbox"] = {
    title: "Inbox",
    open: "To decide",
    all: "All",
    differing: "Jobs with two values",
    hint: "What phones handed in and the server did not take over. Adopted, both names go on record; rejected, the phone shows why.",
    none: "Nothing to decide",
    from: (name, device) => `${name}, phone ${device}`,
    noEvidence: "This phone was switched off: its times are no evidence.",
    unreadable: (bytes) => `It can't be read; ${bytes} raw bytes are kept`,
    wrote: "The phone wrote",
    stands: "The job says now",
    nothing: "nothing",
    outcome: { adopted: "Adopted", rejected: "Rejected" },
    reasonHint: "Needed to reject",
    adoptAll: "Adopt all",
    adoptSome: (count) => `Adopt ${count} chosen`,
    rejectAll: "Reject all",
    rejectSome: (count) => `Reject ${count} chosen`,
}
