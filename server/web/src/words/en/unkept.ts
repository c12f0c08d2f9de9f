import type { Words } from "../../words.ts"

export const unkept: Words["unkept"] = {
    full: "Not saved: this phone has no space left. Delete photos, videos or apps that you don't need, then do it once more. What was saved before is safe.",
    failed: "Not saved: this phone's storage failed. Do it once more; if that does not help, close this page and open it again. What was saved before is safe.",
    gone: "Not saved: this job is no longer yours.",
    step: "This was not saved. Please do it once more.",
    photoFull:
        "The photo was not saved: this phone has no space left. Delete photos, videos or apps that you don't need, then take it again. What was saved before is safe.",
    photoUnread: "This photo can't be read. Please take it again.",
    syncFull:
        "This phone has no space left for what is new. Delete photos, videos or apps that you don't need, then sync again. What was saved is safe.",
    tooOld: "The server was upgraded: update this page to send",
    tooOldText:
        "The server was upgraded, and this old page can't send to it any more. While connected, tap “Update to the new version” above; where it does not appear, close this page and open it again. Everything unsent is kept on this phone and goes out after the update.",
    shutOut: "This phone is switched off",
    shutOutText:
        "The office has switched this phone off: no jobs come, and what it sends waits for dispatch to decide. If it is still yours, ask dispatch, then sign in again: it becomes a new phone.",
    update: "Update to the new version",
    updateLater: "New version: go back to your jobs to update",
}
