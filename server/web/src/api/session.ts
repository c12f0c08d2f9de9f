/**
 * Who is signed in on an office page. The tokens are kept for all tabs of this browser; one of them at a time renews, so that no token is
 * used twice. A phone's session is its replica's (`core/`), not this one.
 */
import { signal } from "@preact/signals"
import { language } from "../words.ts"
import { Problem, type ProblemBody } from "./problem.ts"
import type { components } from "../../types/schema.d.ts"

export type Tokens = components["schemas"]["SessionTokens"]
interface Kept extends Tokens {
    /** On this device's clock, with a margin. */
    staleAt: number
}

const KEPT_AS = "session"
/** Renewed so long before the server would refuse it. */
const MARGIN_MS = 60_000

export const session = signal<Kept | null>(kept())

globalThis.addEventListener?.("storage", (event: Event) => {
    if ((event as StorageEvent).key === KEPT_AS) session.value = kept()
})

function kept(): Kept | null {
    try {
        return JSON.parse(globalThis.localStorage?.getItem(KEPT_AS) ?? "null")
    } catch {
        return null
    }
}

function keep(tokens: Tokens | null): void {
    if (tokens === null) {
        localStorage.removeItem(KEPT_AS)
        session.value = null
        return
    }
    session.value = { ...tokens, staleAt: Date.now() + tokens.expires_in_s * 1000 - MARGIN_MS }
    localStorage.setItem(KEPT_AS, JSON.stringify(session.value))
}

/** Asks without a token, and throws a [`Problem`] where the answer is not what was hoped for. */
async function post<T>(path: string, body: unknown): Promise<T> {
    const headers = { "Content-Type": "application/json", "Accept-Language": language.value }
    const sent = fetch(path, { method: "POST", headers, body: JSON.stringify(body) })
    const response = await sent.catch(() => {
        throw new Problem()
    })
    if (response.ok) return response.json()
    throw new Problem((await response.json().catch(() => undefined)) as ProblemBody | undefined)
}

export async function signIn(login: string, password: string): Promise<Tokens> {
    const tokens = await post<Tokens>("/v1/sessions", { login, password })
    keep(tokens)
    return tokens
}

export async function signOut(): Promise<void> {
    const token = session.value?.access_token
    keep(null)
    // Where this fails, the session runs out by itself.
    if (token)
        await fetch("/v1/sessions/current", { method: "DELETE", headers: { Authorization: `Bearer ${token}` } }).catch(
            () => {},
        )
}

/** A token that is good now. None: somebody must sign in. */
export async function accessToken(): Promise<string | null> {
    if (session.value && Date.now() < session.value.staleAt) return session.value.access_token
    return navigator.locks.request("session", renewed)
}

async function renewed(): Promise<string | null> {
    // Another tab may have been faster.
    const now = kept()
    session.value = now
    if (now === null || Date.now() < now.staleAt) return now?.access_token ?? null
    try {
        keep(await post<Tokens>("/v1/sessions/refresh", { refresh_token: now.refresh_token }))
    } catch (error) {
        if (!(error instanceof Problem) || error.isOffline || (error.body?.status ?? 500) >= 500) throw error
        keep(null)
    }
    return session.value?.access_token ?? null
}
