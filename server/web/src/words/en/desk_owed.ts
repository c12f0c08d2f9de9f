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
        "A phone that can't reach the server saves what it has not sent, photos included, as a file (“Sent and stored”). Handed in here, it is decided item by item.",
    file: "File",
    send: "Hand in",
    notReadable: "This is no file of a phone",
    tooLarge: (megabytes) => `This file is larger than ${megabytes} MB; let the phone send its photos itself`,
    handedIn: (entries, known, photos) =>
        `${entries} to decide${photos > 0 ? `, photos taken in: ${photos}` : ""}${known > 0 ? `; ${known} known already` : ""}`,
    photosSent: (done, all) => `Sending photos: ${done} of ${all}`,
    photosRefused: (why) => `Some photos were not taken: ${why}`,
}
