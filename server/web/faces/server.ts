/**
 * The real server on the demo company, in a folder of its own; at the same address when it comes back. Pages that are being worked on are
 * played with without building the server: `TEST_PAGES=folder` shows those of an `npm run build`.
 */
import { cp, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { inject } from "vitest"
import { Line } from "./line.ts"
import { Process } from "./process.ts"

const PAGES = process.env.TEST_PAGES
export const PASSWORD = "shangmen-2026"

export class Server {
    private process: Process
    private readonly folder: string
    /** Ahead of it, where its own pages are not the ones to be shown. */
    private front: Line | undefined

    private constructor(folder: string, process: Process) {
        this.folder = folder
        this.process = process
    }

    static async start(): Promise<Server> {
        const folder = await mkdtemp(join(tmpdir(), "faces-"))
        await cp(inject("company"), folder, { recursive: true })
        const server = new Server(folder, await Process.run("127.0.0.1:0", folder))
        if (PAGES) {
            server.front = await Line.to(() => `http://${server.process.address}`)
            server.front.showPagesOf(resolve(PAGES))
        }
        return server
    }

    get url(): string {
        return this.front?.url ?? `http://${this.process.address}`
    }

    /** A way to it of one's own, as a phone has. */
    line(): Promise<Line> {
        return Line.to(() => this.url)
    }

    kill(): Promise<void> {
        return this.process.kill()
    }

    async comeBack(): Promise<void> {
        this.process = await Process.run(this.process.address, this.folder)
    }

    async end(): Promise<void> {
        await this.front?.end()
        await this.kill()
        await rm(this.folder, { recursive: true, force: true })
    }

    /** Signs in by the API; answers the way in which that person asks. */
    async as(login: string): Promise<Caller> {
        const body = JSON.stringify({ login, password: PASSWORD })
        const headers = { "Content-Type": "application/json" }
        const answer = await fetch(`${this.url}/v1/sessions`, { method: "POST", headers, body })
        const { access_token } = (await answer.json()) as { access_token: string }
        return new Caller(this.url, access_token)
    }
}

/** Somebody who asks the server by its API. */
export class Caller {
    readonly url: string
    readonly token: string

    constructor(url: string, token: string) {
        this.url = url
        this.token = token
    }

    async get<T>(path: string): Promise<T> {
        return this.ask<T>("GET", path)
    }

    async post<T>(path: string, body?: unknown): Promise<T> {
        return this.ask<T>("POST", path, body)
    }

    async put<T>(path: string, body?: unknown): Promise<T> {
        return this.ask<T>("PUT", path, body)
    }

    async patch<T>(path: string, body?: unknown): Promise<T> {
        return this.ask<T>("PATCH", path, body)
    }

    async bytes(path: string): Promise<Uint8Array> {
        const answer = await fetch(`${this.url}${path}`, { headers: { Authorization: `Bearer ${this.token}` } })
        if (!answer.ok) throw new Error(`GET ${path}: ${answer.status}`)
        return new Uint8Array(await answer.arrayBuffer())
    }

    private async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
        const headers = { Authorization: `Bearer ${this.token}`, "Content-Type": "application/json" }
        const sent = body === undefined ? {} : { body: JSON.stringify(body) }
        const answer = await fetch(`${this.url}${path}`, { method, headers, ...sent })
        const told = await answer.text()
        if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${told}`)
        return (told === "" ? undefined : JSON.parse(told)) as T
    }
}
