/**
 * A new version of this page is fetched while the old one works, and takes over when the technician says so or opens the page anew. Nothing is
 * lost by it: what they wrote lies in the store, not in the page.
 */
import { signal } from "@preact/signals"
import { needsReader } from "./scan/detect.ts"

let known: ServiceWorkerRegistration | undefined
/** The new version, where one waits. */
const waiting = signal<ServiceWorker | null>(null)
export const hasNewVersion = () => waiting.value !== null

const WORKER = "/phone/worker.js"

/** The pages' policy lets no text become a script's address; this one is vouched for by its name alone. */
function workerUrl(): string {
    const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes
    return types?.createPolicy("worker", { createScriptURL: () => WORKER }).createScriptURL(WORKER) ?? WORKER
}

/** As browsers have it; what comes out stands for the text that went in. */
interface TrustedTypes {
    createPolicy(
        name: string,
        rules: { createScriptURL: (url: string) => string },
    ): { createScriptURL(url: string): string }
}

export async function watchVersion(): Promise<void> {
    if (!("serviceWorker" in navigator) || import.meta.env.DEV) return
    const registration = await navigator.serviceWorker.register(workerUrl(), {
        scope: "/phone/",
        updateViaCache: "none",
    })
    known = registration
    const look = () => {
        // The first one of all replaces nothing.
        waiting.value = navigator.serviceWorker.controller ? registration.waiting : null
    }
    const follow = () => registration.installing?.addEventListener("statechange", look)
    look()
    // One may be under way already: its page was left, or the browser looked for it by itself.
    follow()
    registration.addEventListener("updatefound", follow)
    document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "visible") lookForNewVersion()
    })
    void keepReader()
}

/** Has the worker keep what reads barcodes, on a phone whose browser does not. */
async function keepReader(): Promise<void> {
    if (await needsReader()) (await navigator.serviceWorker.ready).active?.postMessage("keep the rest")
}

/** Asks the server whether there is one; it is told by `hasNewVersion` once it is whole on this phone. */
export function lookForNewVersion(): void {
    void known?.update().catch(() => {})
}

/** Opens the page anew in the new version, once what is being written is on the disk. */
export async function takeNewVersion(written: Promise<unknown> | undefined): Promise<void> {
    await written
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true })
    waiting.value?.postMessage("take over")
}
