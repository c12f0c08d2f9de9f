/**
 * The way between browsers and a server. It can be cut as a cable is; it can lead to pages of another build, as after an upgrade; and what is
 * asked on it can be changed on the way. Everything else it passes on as it is.
 */
import { readFile, stat } from "node:fs/promises"
import { createServer, type IncomingMessage, request, type Server as HttpServer, type ServerResponse } from "node:http"
import type { AddressInfo, Socket } from "node:net"
import { extname, join } from "node:path"
import { pipeline } from "node:stream"

/** What is asked, changed; as it came where there is nothing to change. */
export type Change = (path: string, asked: Asked) => Asked

export interface Asked {
    headers: IncomingMessage["headers"]
    body: Buffer
}

const TYPES: { [extension: string]: string } = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".png": "image/png",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
}

export class Line {
    private readonly http: HttpServer
    private readonly sockets = new Set<Socket>()
    private isCut = false
    /** The folder of a build whose pages are shown in the place of the server's own. */
    private pages: string | undefined
    private change: Change | undefined
    private readonly server: () => string

    private constructor(server: () => string) {
        this.server = server
        this.http = createServer((asked, answer) => {
            this.pass(asked, answer).catch(() => answer.destroy())
        })
        this.http.on("connection", (socket) => {
            if (this.isCut) return socket.destroy()
            this.sockets.add(socket)
            socket.once("close", () => this.sockets.delete(socket))
        })
    }

    /** To a server at the address that it has when it is asked. */
    static async to(server: () => string): Promise<Line> {
        const line = new Line(server)
        await new Promise<void>((listening) => line.http.listen(0, "127.0.0.1", listening))
        return line
    }

    get url(): string {
        return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`
    }

    /** Ends what is under way in the middle of it, and lets nothing through until it is mended. */
    cut(): void {
        this.isCut = true
        for (const socket of this.sockets) socket.destroy()
    }

    mend(): void {
        this.isCut = false
    }

    showPagesOf(folder: string): void {
        this.pages = folder
    }

    /** From now on; none: no more. */
    changeWhatIsAsked(change: Change | undefined): void {
        this.change = change
    }

    async end(): Promise<void> {
        this.cut()
        await new Promise((closed) => this.http.close(closed))
    }

    private async pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
        const path = new URL(asked.url ?? "/", this.url).pathname
        const file = await this.pageAt(path)
        if (file) return this.show(file, asked, answer)
        const server = new URL(this.server())
        const to = { host: server.hostname, port: server.port, method: asked.method, path: asked.url }
        const { headers, body } = await this.changed(path, asked)
        const passed = request({ ...to, headers }, (told) => {
            answer.writeHead(told.statusCode ?? 502, told.rawHeaders)
            pipeline(told, answer, () => {})
        })
        passed.on("error", () => answer.destroy())
        answer.on("close", () => passed.destroy())
        passed.end(body)
    }

    private async changed(path: string, asked: IncomingMessage): Promise<Asked> {
        const pieces: Buffer[] = []
        for await (const piece of asked) pieces.push(piece as Buffer)
        const whole = { headers: asked.headers, body: Buffer.concat(pieces) }
        return this.change?.(path, whole) ?? whole
    }

    /** The file of the other build that stands at an address, as the server has its own. */
    private async pageAt(path: string): Promise<string | undefined> {
        if (!this.pages || !/^\/(phone|desk|assets)\/|^\/icon[-.]/.test(path)) return undefined
        const [, face] = /^\/(phone|desk)\//.exec(path) ?? []
        for (const name of face ? [path, `/${face}/index.html`] : [path]) {
            const file = join(this.pages, name)
            const isThere = await stat(file).then(
                (found) => found.isFile(),
                () => false,
            )
            if (isThere) return file
        }
        return undefined
    }

    /** Under the server's own policy. */
    private async show(file: string, asked: IncomingMessage, answer: ServerResponse): Promise<void> {
        const own = await fetch(`${this.server()}/phone/`)
        await own.arrayBuffer()
        const packed = String(asked.headers["accept-encoding"]).includes("br")
            ? await readFile(`${file}.br`).catch(() => undefined)
            : undefined
        const bytes = packed ?? (await readFile(file))
        answer.writeHead(200, {
            "Content-Security-Policy": own.headers.get("content-security-policy") ?? "",
            "Cache-Control": file.includes("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
            "Content-Type": TYPES[extname(file)] ?? "application/octet-stream",
            "Content-Length": bytes.length,
            ...(packed && { "Content-Encoding": "br" }),
        })
        answer.end(bytes)
    }
}
