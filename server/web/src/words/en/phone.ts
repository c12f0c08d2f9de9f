import type { Words } from "../../words.ts"

const some = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`

export const phone: Words["phone"] = {
    today: "My jobs",
    noJobs: "No jobs are assigned to you.",
    done: "Done",
    gone: "No longer yours",
    noWindow: "No time agreed",
    call: "Call",
    navigate: "Navigate",
    customer: "Customer",
    product: "Product",
    fault: "Reported fault",
    earlier: "Rework",
    earlierText: "This is rework: the same fault came back after our repair. The customer is not charged.",
    steps: "Steps",
    next: "Next",
    finished: "All steps are dealt with.",
    stepsDone: (done, all) => `${done} of ${some(all, "step", "steps")}`,
    unsent: (count) => `${count} not sent`,
    allSent: "All sent",
    photosOwed: (count) => `${some(count, "photo", "photos")} to send`,
    incomplete: "Not all data is here",
    loading: "Still loading",
    conflict: "Two values",
    wasCorrected: (was) => `Reported as: ${was}`,
    goneReasons: { reassigned: "Given to somebody else", cancelled: "Cancelled", closed: "Closed" },
    correct: "Check and correct the data",
    wait: "Let it wait…",
    waitFor: "What for",
    goOn: "Go on",
    notHere: "This job is not on this phone.",
    onHold: (kind, reason) => `${kind}: ${reason}`,
}

export const step: Words["step"] = {
    task: "What to do",
    rule: "Rule",
    say: "You may say",
    avoid: "Don't say",
    happens: "Something happened",
    chosen: "On record",
    choose: "Record this",
    note: "Note",
    noteSaved: "Note saved",
    photos: "Photos",
    takePhoto: "Take a photo",
    readings: "Readings",
    required: "required",
    done: "Done",
    undo: "Undo",
    skip: "Skip",
    notApplicable: "Not applicable",
    failed: "Failed",
    reason: "Reason",
    reasonHint: "Say why; the customer and your supervisor will read it",
    attend: (name) => `Go to “${name}”`,
    cause: "Cause",
    measures: "What was done",
    saved: "Saved on this phone",
}

export const alarm: Words["alarm"] = {
    button: "Help",
    hold: "Hold for 2 seconds to call for help",
    reason: "The technician calls for help",
    sent: "Your call for help is on record and goes out as soon as there is network. In an emergency dial 110 or 120.",
}

export const sending: Words["sending"] = {
    title: "Sent and stored",
    offline: "Offline; everything is kept on this phone",
    syncing: "Syncing",
    syncNow: "Sync now",
    never: "Never synced",
    lastContact: (at) => `Last synced: ${at}`,
    unsentJobs: (changes, jobs) => `${some(changes, "entry", "entries")} in ${some(jobs, "job", "jobs")} not sent yet`,
    saveUnsent: "Save unsent work as a file",
    saveUnsentHint:
        "If this phone can't get online any more, give the file to dispatch. Photos are not in it; they stay on the phone.",
    notices: "Not taken over",
    outcomes: { adopted: (by) => `Adopted by ${by}.`, rejected: (by) => `Rejected by ${by}:` },
    read: "Understood",
    signOut: "Sign out",
    signOutRefused: "Something has not been sent yet, so you can't sign out. Connect and sync first.",
    storage: "Storage",
    persistent: "The system will not clear this phone's data",
    notPersistent: "The system may clear this data when it runs out of space: add this page to your home screen",
    otherTab: "Another page is using this phone's data. Close one of the two.",
    cannot: "This browser can't keep jobs offline. Use a recent Chrome, Safari or Firefox, and open the page by https.",
}

export const conflict: Words["conflict"] = {
    title: "Two people wrote different things",
    text: "Both are kept. Choose the one that is right; the choice goes on record.",
    mine: "me",
    others: "somebody else",
    take: "Use this",
}

export const part: Words["part"] = {
    title: "Parts fitted",
    add: "Add a part",
    name: "Name of the part",
    code: "Code",
    quantity: "Quantity",
    serial: "Serial number",
    oldPart: "Old part",
    oldParts: {
        returned: "Old part returned",
        left_with_customer: "Old part left with the customer",
        none: "No old part",
    },
    fit: "Add",
    takeOff: "Take this back",
}
