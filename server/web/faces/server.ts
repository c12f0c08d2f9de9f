/** The real server as a process of its own, on the demo company, in a folder of its own; at the same address when it comes back. */
import { type ChildProcess, spawn } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { createInterface } from "node:readline"

const PROGRAM = process.env.TEST_SERVER ?? resolve(import.meta.dirname, "../../../target/debug/server")
export const PASSWORD = "shangmen-2026"

export class Server {
    private process: ChildProcess | undefined
    /** As in `127.0.0.1:41234`. */
    private address = "127.0.0.1:0"
    private readonly folder: string

    private constructor(folder: string) {
        this.folder = folder
    }

    static async start(): Promise<Server> {
        const server = new Server(await mkdtemp(join(tmpdir(), "faces-")))
        await server.run(["--demo"])
        return server
    }

    get url(): string {
        return `http://${this.address}`
    }

    private async run(more: string[]): Promise<void> {
        // Settings of a server that somebody runs here are not this one's.
        const env = { PATH: process.env.PATH ?? "" }
        const words = ["--log-json", "--listen", this.address, "--data", join(this.folder, "data"), ...more]
        const child = spawn(PROGRAM, words, { env, stdio: ["ignore", "ignore", "pipe"] })
        this.process = child
        const told: string[] = []
        this.address = await new Promise((listening, failed) => {
            child.once("error", failed)
            child.once("exit", () => failed(new Error(`the server ended:\n${told.slice(-20).join("\n")}`)))
            createInterface({ input: child.stderr }).on("line", (line) => {
                told.push(line)
                const address = listensAt(line)
                if (address) listening(address)
            })
        })
    }

    /** Ends it at once, whatever it is doing, and comes back only when it is gone. */
    async kill(): Promise<void> {
        const child = this.process
        if (!child || child.exitCode !== null || child.signalCode !== null) return
        const gone = new Promise((resolve) => child.once("exit", resolve))
        child.kill("SIGKILL")
        await gone
    }

    async comeBack(): Promise<void> {
        await this.run([])
    }

    async end(): Promise<void> {
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

function listensAt(line: string): string | undefined {
    try {
        const { fields } = JSON.parse(line) as { fields?: { message?: string; address?: string } }
        return fields?.message === "listening" ? fields.address : undefined
    } catch {
        return undefined
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
