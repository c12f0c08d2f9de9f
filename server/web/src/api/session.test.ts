import { afterEach, beforeEach, expect, test, vi } from "vitest"

const WHO = { id: "p1", name: "李静", role: "dispatcher" }
const tokens = (n: number) => ({ session: "s1", person: WHO, access_token: `access ${n}`, expires_in_s: 900 })

let asked: { path: string; method: string; body: unknown; authorization: string | null }[]
let answer: (path: string, method: string) => Response | Promise<Response>
let store: Map<string, string>
const seconds = (n: number) => vi.setSystemTime(Date.now() + n * 1000)

beforeEach(() => {
    vi.useFakeTimers()
    vi.resetModules()
    asked = []
    store = new Map()
    let count = 0
    answer = (_, method) => (method === "DELETE" ? new Response(null, { status: 204 }) : Response.json(tokens(++count)))
    vi.stubGlobal("localStorage", {
        getItem: (key: string) => store.get(key) ?? null,
        setItem: (key: string, value: string) => void store.set(key, value),
        removeItem: (key: string) => void store.delete(key),
    })
    let last: Promise<unknown> = Promise.resolve()
    const request = (_: string, held: () => Promise<unknown>) => (last = last.catch(() => {}).then(held))
    vi.stubGlobal("navigator", { locks: { request }, language: "zh-CN" })
    vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
        const body = init.body === undefined ? undefined : JSON.parse(String(init.body))
        const authorization = new Headers(init.headers).get("authorization")
        asked.push({ path, method: init.method ?? "GET", body, authorization })
        return answer(path, init.method ?? "GET")
    })
})
afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
})

/** A tab of its own on what this browser keeps. */
async function tab() {
    vi.resetModules()
    return import("./session.ts")
}

test("what this browser keeps of a session opens nothing", async () => {
    const page = await tab()
    await page.signIn("dispatcher", "shangmen")
    expect(asked[0]?.body).toEqual({ login: "dispatcher", password: "shangmen", in_cookie: true })
    expect(await page.accessToken()).toBe("access 1")
    expect(JSON.parse(store.get("session") ?? "")).toEqual({ session: "s1", person: WHO })
    expect([...store.values()].join()).not.toContain("access")
})

test("who asks twice at once renews once, and another tab for itself", async () => {
    const page = await tab()
    await page.signIn("dispatcher", "shangmen")
    seconds(900)
    expect(await Promise.all([page.accessToken(), page.accessToken()])).toEqual(["access 2", "access 2"])
    const other = await tab()
    expect(other.session.value?.person).toEqual(WHO)
    expect(await other.accessToken()).toBe("access 3")
    expect(asked.map(({ path, body }) => [path, body]).slice(1)).toEqual([
        ["/v1/sessions/refresh", {}],
        ["/v1/sessions/refresh", {}],
    ])
})

test("a session that has ended asks for a log-in, one that can't be reached does not", async () => {
    const page = await tab()
    await page.signIn("dispatcher", "shangmen")
    seconds(900)
    answer = () => Promise.reject(new TypeError("no network"))
    await expect(page.accessToken()).rejects.toThrow()
    answer = () => Response.json({ status: 503 }, { status: 503 })
    await expect(page.accessToken()).rejects.toThrow()
    expect(page.session.value).not.toBeNull()
    answer = () => Response.json({ status: 401, slug: "session_ended" }, { status: 401 })
    expect(await page.accessToken()).toBeNull()
    expect(page.session.value).toBeNull()
    expect(store.size).toBe(0)
})

test("who signs out without network is signed out here, and on the server once it is reached", async () => {
    const page = await tab()
    await page.signIn("dispatcher", "shangmen")
    const online = answer
    answer = () => Promise.reject(new TypeError("no network"))
    await page.signOut()
    expect(page.session.value).toBeNull()
    expect(await page.accessToken()).toBeNull()
    answer = online
    asked = []
    await tab()
    await vi.waitFor(() => expect(asked).toHaveLength(2))
    expect(asked.map(({ path, authorization }) => [path, authorization])).toEqual([
        ["/v1/sessions/refresh", null],
        ["/v1/sessions/current", "Bearer access 2"],
    ])
    await vi.waitFor(() => expect(store.size).toBe(0))
})

/** A renewal that was asked for; what is asked after it is answered at once. */
async function onItsWay(page: Awaited<ReturnType<typeof tab>>) {
    seconds(900)
    const online = answer
    let arrive = () => {}
    answer = (path, method) => new Promise((heard) => (arrive = () => heard(online(path, method))))
    const before = asked.length
    const token = page.accessToken()
    await vi.waitFor(() => expect(asked).toHaveLength(before + 1))
    answer = online
    return { token, arrive: () => arrive() }
}

test("who signs out while a renewal is on its way stays signed out", async () => {
    const page = await tab()
    await page.signIn("dispatcher", "shangmen")
    const renewal = await onItsWay(page)
    const signedOut = page.signOut()
    renewal.arrive()
    expect(await renewal.token).toBeNull()
    await signedOut
    expect(page.session.value).toBeNull()
    expect(asked.at(-1)?.method).toBe("DELETE")
    expect(store.size).toBe(0)
})

test("a session that a slower tab kept after its end is ended all the same", async () => {
    const page = await tab()
    await page.signIn("dispatcher", "shangmen")
    const keptLate = store.get("session") ?? ""
    const online = answer
    answer = () => Promise.reject(new TypeError("no network"))
    await page.signOut()
    store.set("session", keptLate)
    answer = online
    const other = await tab()
    await vi.waitFor(() => expect(store.size).toBe(0))
    expect(other.session.value).toBeNull()
    expect(asked.at(-1)?.method).toBe("DELETE")
})

test("whoever signs in while a renewal is on its way comes after it", async () => {
    const page = await tab()
    await page.signIn("dispatcher", "shangmen")
    const renewal = await onItsWay(page)
    const signedIn = page.signIn("desk", "shangmen")
    await Promise.resolve()
    expect(asked).toHaveLength(2)
    renewal.arrive()
    await renewal.token
    await signedIn
    expect(asked.at(-1)?.body).toMatchObject({ login: "desk" })
})

test("whoever signs in before that stays signed in", async () => {
    const page = await tab()
    await page.signIn("dispatcher", "shangmen")
    const online = answer
    answer = () => Promise.reject(new TypeError("no network"))
    await page.signOut()
    answer = online
    await page.signIn("desk", "shangmen")
    asked = []
    const other = await tab()
    expect(other.session.value?.person).toEqual(WHO)
    expect(asked).toEqual([])
})
