/** A phone for tests, with its disk, and numbers that never come twice. */
import { expect } from "vitest"
import type { Edit } from "../edit.ts"
import { Handset } from "../handset.ts"
import type { Now } from "../replica.ts"
import { newDeviceKey } from "../seal.ts"
import { MemoryDisk, MemoryStore } from "../store.ts"
import type { Entry } from "../store/entry.ts"
import type { SyncRequest, SyncResponse } from "../wire.ts"
import { Office } from "./office.ts"
import { job, LI, startAutomerge, uuidOf } from "./samples.ts"

export class Phone {
    readonly device: string
    readonly disk = new MemoryDisk()
    readonly office: Office
    boot = "1"
    #handset: Handset | undefined
    #drawn: number

    private constructor(office: Office, number: number) {
        this.office = office
        this.device = uuidOf(number)
        this.#drawn = number << 24
    }

    static async enrolled(office: Office, number = 1): Promise<Phone> {
        await startAutomerge()
        const phone = new Phone(office, number)
        await phone.reopen()
        const key = await newDeviceKey()
        const identity = { server: "", device: phone.device, person: LI, login: "li", name: "李强", outlet: uuidOf(8) }
        await phone.remember({ entry: "key", key }, { entry: "identity", identity })
        office.enrol(phone.device, key.publicKey)
        return phone
    }

    get handset(): Handset {
        if (!this.#handset) throw new Error("it was never opened")
        return this.#handset
    }

    get state(): Handset["state"] {
        return this.handset.state
    }

    /** As after the page was killed. */
    async reopen(disk = this.disk): Promise<void> {
        const store = new MemoryStore(disk)
        this.#handset = await Handset.open({ store, now: () => this.now(), random: (bytes) => this.random(bytes) })
    }

    now(): Now {
        return { at: 1_790_000_100_000_000, uptime_us: this.#drawn * 1_000, boot: this.boot }
    }

    random(bytes: number): Uint8Array {
        this.#drawn += 1
        const random = new Uint8Array(bytes)
        new DataView(random.buffer).setUint32(0, this.#drawn)
        return random
    }

    async remember(...entries: Entry[]): Promise<void> {
        await this.handset.handle({ input: "remember", entries })
    }

    edit(number: number, ...edits: Edit[]): Promise<string | undefined> {
        return this.handset.edit(job(number), edits)
    }

    async request(): Promise<SyncRequest> {
        const outputs = await this.handset.handle({ input: "build_sync" })
        const request = outputs.find((output) => output.output === "request")?.request
        if (!request) throw new Error("expected a request")
        return request
    }

    async answer(request: SyncRequest, answer: SyncResponse): Promise<string[]> {
        const outputs = await this.handset.handle({ input: "answer", request: request.id, answer })
        return outputs.map(({ output }) => output)
    }

    ask(request: SyncRequest): Promise<SyncResponse> {
        return this.office.handle(this.device, request)
    }

    /** One round trip; whether another is wanted. */
    async roundTrip(): Promise<boolean> {
        const request = await this.request()
        const outputs = await this.answer(request, await this.ask(request))
        return outputs.includes("sync_again")
    }

    /** Syncs until nothing is left to say; how many round trips it took. */
    async sync(): Promise<number> {
        for (let trips = 1; trips < 50; trips++) if (!(await this.roundTrip())) return trips
        throw new Error("the phone does not come to rest")
    }

    noteOf(number: number, step: string): string | undefined {
        return this.handset.job(job(number))?.record.notes[step]
    }
}

/** A phone that holds so many jobs. */
export async function phoneWith(jobs: number): Promise<Phone> {
    const phone = await Phone.enrolled(new Office())
    for (let number = 1; number <= jobs; number++) {
        phone.office.openJob(job(number))
        phone.office.grant(job(number), phone.device)
    }
    await phone.sync()
    return phone
}

/** Nothing is unsent, and both sides hold the same. */
export function isInStep({ state, office, device }: Phone): void {
    expect(state.digest()).toBe(office.digestOf(device))
}
