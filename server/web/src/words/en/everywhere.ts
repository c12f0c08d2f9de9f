import type { Words } from "../../words.ts"

export const everywhere: Words["everywhere"] = {
    product: "Doorstep",
    loading: "Loading",
    pair: (label, text) => `${label}: ${text}`,
    close: "Close",
    cancel: "Cancel",
    save: "Save",
    back: "Back",
    retry: "Try again",
    language: "中文",
    languageAway: "Not fetched: check your network",
    offline: "No network",
    unreachable: "The server can't be reached. Check your network and try again.",
    unexpected: (id) =>
        `Something went wrong on the server. Try again in a moment; if it stays, tell your administrator this number: ${id}.`,
}
