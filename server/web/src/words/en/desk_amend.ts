import type { Words } from "../../words.ts"

export const deskAmend: Words["deskAmend"] = {
    amend: "Correct",
    amendOf: (number) => `Correct ${number}`,
    hint: "What the technician writes at the same time stays; where the two differ, choose under Differences. What stood before is in the history.",
    phoneHint: "Left empty, it stays",
    saved: (number) => `${number} is corrected`,
    nothing: "Nothing was changed",
    note: (step) => `Edit what was noted at “${step}”`,
    noteLabel: "Note",
    correctNote: "Correct",
    correctTitle: "Correct the note",
    corrected: (name, at) => `Corrected by ${name}, ${at}`,
    was: "What stood before",
    report: "Edit what was reported",
    handOver: "Hand over",
    handOverTitle: "Who takes it over",
    handOverHint: "Whoever was asked first keeps it until another named person has taken it over.",
    handedOver: (name) => `${name} has it now`,
    owners: "In whose hands",
    ownerSince: (name, at) => `${name}, since ${at}`,
}
