/**
 * Who is signed in on an office page. That is known to all tabs of this browser; the access token each has for itself, and the refresh
 * token is in a cookie that no script reads. One tab at a time renews, so that no refresh token is used twice. A phone's session is its
 * replica's (`core/`), not this one.
 */
import { signal } from "@preact/signals"
import { language } from "../words.ts"
import { Problem, type ProblemBody } from "./problem.ts"
import type { components } from "../../types/schema.d.ts"

export type Tokens = components["schemas"]["SessionTokens"]
type SignedIn = Pick<Tokens, "session" | "person">
interface Access {
    token: string
    session: string
    /** On this device's clock, with a margin. */
    staleAt: number
}

const KEPT_AS = "session"
/** Kept while the server has not heard yet that somebody signed out: only it can take the cookie back. */
const OWED_AS = "sign-out-owed"
/** Renewed so long before the server would refuse it. */
const MARGIN_MS = 60_000

let access: Access | null = null
export const session = signal<SignedIn | null>(kept())

globalThis.addEventListener?.("storage", (event: Event) => {
    if ((event as StorageEvent).key === KEPT_AS) session.value = kept()
})
globalThis.addEventListener?.("online", () => void settle())
void settle()

function kept(): SignedIn | null {
    try {
        return JSON.parse(globalThis.localStorage?.getItem(KEPT_AS) ?? "null")
    } catch {
        return null
    }
}

function keep(tokens: Tokens): void {
    const { session: id, person } = tokens
    access = { token: tokens.access_token, session: id, staleAt: Date.now() + tokens.expires_in_s * 1000 - MARGIN_MS }
    session.value = { session: id, person }
    localStorage.setItem(KEPT_AS, JSON.stringify(session.value))
}

/** Nobody is signed in here any more. */
export function forget(): void {
    access = null
    localStorage.removeItem(KEPT_AS)
    session.value = null
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

const refreshed = () => post<Tokens>("/v1/sessions/refresh", {})

export async function signIn(login: string, password: string): Promise<Tokens> {
    // In turn with renewals, whose cookie would else take the place of this one's.
    return navigator.locks.request("session", async () => {
        const tokens = await post<Tokens>("/v1/sessions", { login, password, in_cookie: true })
        // Its cookie has taken the place of the one that was to be taken back.
        localStorage.removeItem(OWED_AS)
        keep(tokens)
        return tokens
    })
}

export async function signOut(): Promise<void> {
    localStorage.setItem(OWED_AS, "")
    const token = fresh()
    forget()
    await settle(token)
}

/** Tells the server that somebody signed out, now or when it is reached again. */
async function settle(token: string | null = null): Promise<void> {
    if ((globalThis.localStorage?.getItem(OWED_AS) ?? null) === null) return
    await navigator.locks.request("session", async () => {
        // Whoever signed in meanwhile stays.
        if (localStorage.getItem(OWED_AS) === null) return
        // A tab that was renewing may not have seen yet that this session is given up.
        forget()
        try {
            const Authorization = `Bearer ${token ?? (await refreshed()).access_token}`
            const heard = await fetch("/v1/sessions/current", { method: "DELETE", headers: { Authorization } })
            if (heard.status >= 500) return
        } catch (error) {
            if (!isOver(error)) return
        }
        localStorage.removeItem(OWED_AS)
    })
}

/** The server does not know this session any more. */
function isOver(error: unknown): boolean {
    return error instanceof Problem && !error.isOffline && (error.body?.status ?? 500) < 500
}

/** What this tab holds, where it is good now. */
function fresh(): string | null {
    const isGood = access !== null && access.session === session.value?.session && Date.now() < access.staleAt
    return isGood ? (access?.token ?? null) : null
}

/** A token that is good now. None: somebody must sign in. */
export async function accessToken(): Promise<string | null> {
    return session.value === null ? null : (fresh() ?? navigator.locks.request("session", renewed))
}

async function renewed(): Promise<string | null> {
    // What else this tab asked may have been faster, and another tab may have signed out.
    const now = kept()
    session.value = now
    if (now === null || fresh() !== null) return fresh()
    try {
        const tokens = await refreshed()
        // Who signed out while this was on its way stays signed out.
        if (kept() !== null) keep(tokens)
    } catch (error) {
        if (!isOver(error)) throw error
        forget()
    }
    return fresh()
}
