/**
 * Opens the phone's page without network. Everything that it needs is kept under a name that changes with its content; requests for data
 * go to the network and are never answered from here: what a phone knows lies in its own store.
 *
 * A new version waits until no page of the old one is open, or until a page says that nothing stands in its way. So a page never loads
 * half of one version and half of another.
 */
declare const self: ServiceWorkerGlobalScope
declare const __PRECACHE__: string[]
declare const __LATER__: string[]
declare const __VERSION__: string

const CACHE = `phone-${__VERSION__}`
const SHELL = "/phone/"
const FILES = [SHELL, "/phone/manifest.webmanifest", "/icon.svg", "/icon-192.png", ...__PRECACHE__]

self.addEventListener("install", (event) => event.waitUntil(keep()))
self.addEventListener("activate", (event) => event.waitUntil(letGoOfOld()))
self.addEventListener("message", (event) => {
    if (event.data === "take over") void self.skipWaiting()
    // What not every phone needs: no installation waits for it, and none fails over it.
    if (event.data === "keep the rest") event.waitUntil(keepAll(__LATER__).catch(() => {}))
})
self.addEventListener("fetch", (event) => {
    const { request } = event
    const url = new URL(request.url)
    if (request.method !== "GET" || url.origin !== self.location.origin) return
    if (request.mode === "navigate" && url.pathname.startsWith(SHELL)) {
        event.respondWith(kept(SHELL, request))
    } else if (url.pathname.startsWith("/assets/") || FILES.includes(url.pathname)) {
        event.respondWith(kept(url.pathname, request))
    }
})

async function keep(): Promise<void> {
    await keepAll(FILES)
    // What an older version was asked to keep is there in this one too, unless it changed.
    const cache = await caches.open(CACHE)
    for (const path of __LATER__) {
        const known = await caches.match(path)
        if (known) await cache.put(path, known)
    }
}

async function keepAll(paths: string[]): Promise<void> {
    const cache = await caches.open(CACHE)
    // What an older version has under the same name is the same: only what changed is fetched.
    await Promise.all(
        paths.map(async (path) => {
            const known = path.startsWith("/assets/") ? await caches.match(path) : undefined
            if (known) return cache.put(path, known)
            const fresh = await fetch(path, { cache: path.startsWith("/assets/") ? "default" : "no-cache" })
            if (!fresh.ok) throw new Error(`${path}: ${fresh.status}`)
            await cache.put(path, fresh)
        }),
    )
}

async function letGoOfOld(): Promise<void> {
    const names = await caches.keys()
    await Promise.all(
        names.filter((name) => name.startsWith("phone-") && name !== CACHE).map((name) => caches.delete(name)),
    )
    await self.clients.claim()
}

async function kept(path: string, request: Request): Promise<Response> {
    const cache = await caches.open(CACHE)
    return (await cache.match(path)) ?? fetch(request)
}

export {}
