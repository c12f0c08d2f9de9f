import type { Words } from "../../words.ts"

export const deskOwed: Words["deskOwed"] = {
    title: "Photos to come",
    hint: "Photos that a record names and the server does not have. Phones send them by themselves; where one does not, ask its owner to open the page.",
    none: "No photo is owed",
    who: "Whose phone",
    job: "Job",
    step: "Step",
    takenAt: "Taken",
    since: "Waited",
    size: "Size",
    kilobytes: (count) => `${count} kB`,
    handIn: "Hand in a phone's file",
    handInHint:
        "A phone that can't reach the server writes what it has not sent to a file. Handed in here, it is decided item by item.",
    file: "File",
    send: "Hand in",
    notReadable: "This is no file of a phone",
    handedIn: (entries, known) => `${entries} to decide; ${known} were known already`,
}
