/** A process of the server that was built, on its data, until it is ended. */
import { type ChildProcess, spawn } from "node:child_process"
import { resolve } from "node:path"
import { createInterface } from "node:readline"

const PROGRAM = process.env.TEST_SERVER ?? resolve(import.meta.dirname, "../../../target/debug/server")

export class Process {
    private readonly child: ChildProcess
    /** Where it listens, as in `127.0.0.1:41234`. */
    readonly address: string

    private constructor(child: ChildProcess, address: string) {
        this.child = child
        this.address = address
    }

    /** Comes back once it listens. */
    static async run(address: string, data: string, more: string[] = []): Promise<Process> {
        // Settings of a server that somebody runs here are not this one's.
        const env = { PATH: process.env.PATH ?? "" }
        const words = ["--log-json", "--listen", address, "--data", data, ...more]
        const child = spawn(PROGRAM, words, { env, stdio: ["ignore", "ignore", "pipe"] })
        const told: string[] = []
        const found = await new Promise<string>((listening, failed) => {
            child.once("error", failed)
            child.once("exit", () => failed(new Error(`the server ended:\n${told.slice(-20).join("\n")}`)))
            createInterface({ input: child.stderr }).on("line", (line) => {
                told.push(line)
                const listens = listensAt(line)
                if (listens) listening(listens)
            })
        })
        return new Process(child, found)
    }

    /** At once, whatever it is doing; comes back only when it is gone. */
    kill(): Promise<void> {
        return this.stop("SIGKILL")
    }

    /** As at a restart: it brings to an end what it is doing. */
    end(): Promise<void> {
        return this.stop("SIGTERM")
    }

    private async stop(signal: NodeJS.Signals): Promise<void> {
        const { child } = this
        if (child.exitCode !== null || child.signalCode !== null) return
        const gone = new Promise((resolve) => child.once("exit", resolve))
        child.kill(signal)
        await gone
    }
}

/** Runs one of the program's commands to its end: whether it went well, and all that it said. */
export async function runCommand(...words: string[]): Promise<{ isGood: boolean; said: string }> {
    const child = spawn(PROGRAM, words, { env: { PATH: process.env.PATH ?? "" }, stdio: ["ignore", "pipe", "pipe"] })
    const said: string[] = []
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece: Buffer) => said.push(String(piece)))
    const code = await new Promise((ended, failed) => child.once("error", failed).once("close", ended))
    return { isGood: code === 0, said: said.join("") }
}

function listensAt(line: string): string | undefined {
    try {
        const { fields } = JSON.parse(line) as { fields?: { message?: string; address?: string } }
        return fields?.message === "listening" ? fields.address : undefined
    } catch {
        return undefined
    }
}
