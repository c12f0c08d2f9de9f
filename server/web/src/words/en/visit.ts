import type { Words } from "../../words.ts"

export const scan: Words["scan"] = {
    button: "Scan",
    title: "Scan a barcode",
    hint: "Hold the barcode in the middle, about a hand's width from the camera.",
    refused: "This page may not use the camera. Type the barcode, or allow the camera in the browser's settings.",
    missing: "The camera can't be opened. Type the barcode, or use a hand scanner.",
    unready:
        "What reads barcodes is not on this phone yet; it comes once there is network. Type the barcode, or use a hand scanner.",
    close: "Close",
    find: "Scan, or type a barcode, a code or a name",
    findHint: "With a hand scanner just scan; this field need not be chosen first",
    found: (name) => `Found: ${name}`,
    unknown: (scanned) => `Barcode ${scanned} is not on the price list. Check it, or fill in the part by hand.`,
}

export const days: Words["days"] = {
    choose: "Choose a day",
    near: { "0": "Today" },
    label: (day, open) => `${day}, ${open} to do`,
    none: "No jobs on this day.",
    overdue: "Not finished on earlier days",
    later: "Later, or no time agreed",
}

export const earlier: Words["earlier"] = {
    title: (count) => `Earlier visits (${count})`,
    none: "This customer has had no visit before.",
    notHere: "Earlier visits have not been fetched yet; they show once there is network.",
    sameProduct: "Same product",
    fault: "Reported",
    cause: "Cause",
    measures: "Done",
    parts: "Replaced",
    warranted: (day) => `Warranted until ${day}`,
    lapsed: (day) => `Warranty ended on ${day}`,
}

export const sentPhoto: Words["sentPhoto"] = {
    offline: "Sent; the office has it. It shows here once there is network",
    later: "Sent; the office has it. Its small copy comes in a while",
    others: "A colleague's photo; it shows once there is network",
    refused: {
        too_large: "Not taken by the server: too large a file. It is still on this phone; please take another.",
        photo_refused: "Not taken by the server: too many pixels. It is still on this phone; please take another.",
        photos_many: "Not taken by the server: this job has as many photos as it may have. It is still on this phone.",
    },
}

export const here: Words["here"] = {
    ask: "Note where you are?",
    why: "Your position is noted once when you tick that you arrived or left, and when you take a photo. It proves that you were there, should anybody doubt it. You are not followed. Nothing depends on it, and you can change it under “Sent and stored”.",
    yes: "Note it",
    no: "Don't",
    found: (metres) => `Position known to about ${metres} m; noted with the tick or the photo`,
    noted: (metres) => `Place noted, to about ${metres} m`,
    states: {
        idle: "No position yet; nothing depends on it",
        looking: "Finding the position; no need to wait",
        barred: "The browser or the system gives no position; nothing depends on it",
        unfound: "The position was not found; nothing depends on it",
    },
    setting: "Note where I arrive, leave and take photos",
}
