/** Who is signed in: a person, this phone and a server come together. The phone signs for each new token with its key. */
import { Problem } from "../../api/problem.ts"
import { text } from "../bytes.ts"
import { type DeviceKey, newDeviceKey, sign } from "../seal.ts"
import type { Schemas } from "../schemas.ts"
import type { Entry, Identity, Session } from "../store/entry.ts"
import { refreshMessage } from "../wire.ts"
import { type Call, jsonOf, send } from "./http.ts"
import { HeldByAnother, NeedsSignIn, type Phone } from "./phone.ts"

type Tokens = Schemas["SessionTokens"]

export interface Credentials {
    login: string
    password: string
    /** What its owner calls the phone. */
    deviceName: string
}

/**
 * Signs a person in on this phone. The same person gets the same phone again, so that what is unsent can be sent; another one is refused
 * while the phone holds anything of the first. Where the office has shut the phone out and nothing is unsent, it becomes a new one.
 */
export async function enrol(phone: Phone, credentials: Credentials): Promise<Identity> {
    const { login } = credentials
    const { identity: holder, jobs, photos } = phone.state
    const server = phone.connection.base
    const isOther = holder !== undefined && (holder.login !== login || holder.server !== server)
    if (isOther && (jobs.size > 0 || photos.size > 0)) throw new HeldByAnother(holder.login)
    // Another person's key counts only once they are signed in: until then the phone stays whose it was.
    const fresh = isOther ? await newDeviceKey() : undefined
    if (!fresh && !phone.state.key)
        await phone.handle({ input: "remember", entries: [{ entry: "key", key: await newDeviceKey() }] })
    try {
        const entries = await logIn(phone, credentials, fresh ?? phone.state.key)
        if (fresh) entries.unshift({ entry: "key", key: fresh })
        await phone.handle({ input: "remember", entries })
    } catch (error) {
        if (slugOf(error) !== "device_revoked" || phone.state.unsent() > 0 || phone.state.photos.size > 0) throw error
        await enrolAnew(phone, credentials)
    }
    return phone.state.identity ?? Promise.reject(new NeedsSignIn("nobody is signed in"))
}

/** In the place of a phone that the office shut out. */
async function enrolAnew(phone: Phone, credentials: Credentials): Promise<void> {
    const key = await newDeviceKey()
    const entries = await logIn(phone, credentials, key)
    // Its places in the records are the old phone's, under which nothing of the new one is taken.
    await phone.letGo()
    await phone.handle({ input: "remember", entries: [{ entry: "key", key }, ...entries] })
}

/** Logs in with this key, and answers what the phone is then to remember. */
async function logIn(
    phone: Phone,
    { login, password, deviceName }: Credentials,
    key: DeviceKey | undefined,
): Promise<Entry[]> {
    const device = { name: deviceName, public_key: key?.publicKey }
    const tokens = await post(phone, "/v1/sessions", { login, password, device })
    if (!tokens.device) throw new TypeError("the server names no phone")
    const identity = identityOf(tokens.person, { server: phone.connection.base, device: tokens.device })
    return [
        { entry: "identity", identity },
        { entry: "session", session: sessionOf(phone, tokens) },
    ]
}

/** Ends the session on the server. What the phone holds is another matter. */
export async function endSession(phone: Phone): Promise<void> {
    const { session } = phone.state
    if (!session) return
    await send(phone.connection, { method: "DELETE", path: "/v1/sessions/current", token: session.access_token })
    await phone.handle({ input: "remember", entries: [{ entry: "session", session: null }] })
}

/** Sends with a token that holds, which may have to be fetched first. Throws [`NeedsSignIn`] where no token is to be had. */
export async function inSession(phone: Phone, call: Call): Promise<Response> {
    const { session } = phone.state
    if (!session) throw new NeedsSignIn("nobody is signed in")
    const isStale = phone.now().at >= session.expires_at
    const token = isStale ? await renewed(phone, session) : session.access_token
    try {
        return await send(phone.connection, { ...call, token })
    } catch (error) {
        if (!wantsToken(error)) throw needsSignIn(error)
    }
    return send(phone.connection, { ...call, token: await renewed(phone, session) }).catch((error: unknown) => {
        throw needsSignIn(error)
    })
}

const renewing = new WeakMap<Phone, Promise<string>>()

/** A new token in place of this session's. Several who ask at once get the same. */
async function renewed(phone: Phone, asked: Session): Promise<string> {
    const now = phone.state.session
    if (now && now.access_token !== asked.access_token) return now.access_token
    const under = renewing.get(phone)
    if (under) return under
    const renewal = renew(phone).finally(() => renewing.delete(phone))
    renewing.set(phone, renewal)
    return renewal
}

async function renew(phone: Phone): Promise<string> {
    const { session, key, identity } = phone.state
    if (!session || !key || !identity) throw new NeedsSignIn("nobody is signed in")
    const { refresh_token } = session
    const signature = await sign(key, refreshMessage(identity.device, refresh_token))
    const tokens = await post(phone, "/v1/sessions/refresh", { refresh_token, signature }).catch((error: unknown) => {
        throw needsSignIn(error)
    })
    const next = sessionOf(phone, tokens)
    const entries: Entry[] = [{ entry: "session", session: next }]
    // The outlet may have moved, or changed how it reckons.
    const renewed = identityOf(tokens.person, identity)
    if (JSON.stringify(renewed) !== JSON.stringify(identity)) entries.push({ entry: "identity", identity: renewed })
    await phone.handle({ input: "remember", entries })
    return next.access_token
}

async function post(phone: Phone, path: string, body: object): Promise<Tokens> {
    const content = { type: "application/json", bytes: text(JSON.stringify(body)) }
    return jsonOf<Tokens>(await send(phone.connection, { method: "POST", path, body: content }))
}

/** Who carries the phone, as the server says. */
function identityOf(person: Tokens["person"], { server, device }: { server: string; device: string }): Identity {
    const { id, name, login, outlet_id, outlet } = person
    return { server, device, person: id, login, name, outlet: outlet_id, ...(outlet && { home: outlet }) }
}

/** The tokens as the phone keeps them. */
function sessionOf(phone: Phone, tokens: Tokens): Session {
    if (tokens.refresh_token === undefined) throw new TypeError("the server keeps the phone's token in a cookie")
    return {
        id: tokens.session,
        access_token: tokens.access_token,
        expires_at: phone.now().at + tokens.expires_in_s * 1_000_000,
        refresh_token: tokens.refresh_token,
    }
}

function slugOf(error: unknown): string | undefined {
    return error instanceof Problem ? error.body?.slug : undefined
}

function wantsToken(error: unknown): boolean {
    return ["token_expired", "unauthenticated"].includes(slugOf(error) ?? "")
}

function needsSignIn(error: unknown): unknown {
    const isOver = slugOf(error) === "session_ended" || wantsToken(error)
    return isOver ? new NeedsSignIn("the session has ended", { cause: error }) : error
}
