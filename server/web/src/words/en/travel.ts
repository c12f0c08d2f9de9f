import type { Words } from "../../words.ts"

export const travel: Words["travel"] = {
    metres: (count) => `${count} m`,
    kilometres: (count) => `${count} km`,
    minutes: (count) => `${count} min`,
    way: (distance, minutes) => `about ${distance}, ${minutes}`,
    unknownWay: (minutes) => `place not known, reckoned as ${minutes}`,
    fromBase: (way) => `From the outlet: ${way}`,
    fromBefore: (way) => `From the stop before: ${way}`,
    tight: (free) => `only ${free} free, it may not fit`,
}

export const delay: Words["delay"] = {
    title: "Running late",
    offer: "Can’t make it? Tell the customer first",
    titleUnfixed: "Arrival",
    offerUnfixed: "No time is agreed yet: tell the customer when you come",
    within: (minutes) => `In ${minutes} min`,
    late: (minutes) => `${minutes} min late`,
    arrives: (at) => `at ${at}`,
    other: "Another time",
    otherTime: "Expected arrival",
    reason: "Why (optional; the customer reads it)",
    announce: "Announce the delay",
    change: "Change the time again",
    expected: (at) => `Expected at ${at}`,
    said: (at) => `noted ${at}`,
    offline: "No network: the customer’s page and the board are updated once there is.",
    call: "Call the customer",
    toldByPhone: "I told the customer by phone",
    agrees: "The customer agrees",
    wantsElse: "They want somebody else",
    word: {
        untold: "The customer does not know yet",
        told: "The customer was told",
        seen: "The customer opened their page and saw it",
        agreed: "The customer agrees to the new time",
        someone_else: "The customer wants somebody else",
    },
    short: "Late",
}
