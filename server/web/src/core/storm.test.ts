/** Whatever happens between two phones and the office, in the end all agree and nothing that was written is lost. */
import { expect, test } from "vitest"
import type { Edit } from "./edit.ts"
import { JobGone, NotHeld } from "./handset.ts"
import { Replica } from "./replica.ts"
import { compacted } from "./replica/compact.ts"
import { StoreFailed } from "./store.ts"
import { FORBIDDEN, Office } from "./tests/office.ts"
import { Phone } from "./tests/phone.ts"
import { job, note, startAutomerge } from "./tests/samples.ts"
import type { SyncRequest, SyncResponse } from "./wire.ts"

const SEEDS = Number(process.env["SEEDS"] ?? 25)
const EVENTS = 40
const STEPS = ["accept", "diagnose", "repair"]
const JOBS = [1, 2, 3]

/** Numbers below what is asked for, the same for each seed. */
function dice(seed: number): (below: number) => number {
    let state = (seed + 1) * 0x9e3779b9
    return (below) => {
        state = Math.imul(state ^ (state >>> 15), 0x85ebca6b) + 0x6d2b79f5
        return ((state ^ (state >>> 13)) >>> 0) % below
    }
}

/** What the disk refused does not count, and nothing else goes wrong. */
function forgive(error: unknown): void {
    if (!(error instanceof StoreFailed)) throw error
}

class Storm {
    readonly office = new Office()
    readonly phones: Phone[] = []
    /** Every change that a phone acknowledged to its technician. No two have the same number of one actor. */
    readonly written = new Map<string, string>()
    readonly roll: (below: number) => number
    #backup = this.office.backUp()
    readonly #requests: [Phone, SyncRequest][] = []
    readonly #answers: [Phone, SyncRequest, SyncResponse][] = []
    #texts = 0

    constructor(seed: number) {
        this.roll = dice(seed)
    }

    async begin(): Promise<void> {
        this.office.page = 2
        this.office.resets = this.roll(3) > 0
        for (const number of JOBS) this.office.openJob(job(number))
        for (const number of [1, 2]) {
            const phone = await Phone.enrolled(this.office, number)
            this.phones.push(phone)
            for (const number of JOBS) this.office.grant(job(number), phone.device)
            await phone.sync()
        }
        this.#backup = this.office.backUp()
    }

    async run(): Promise<void> {
        const { office } = this
        const [phone, number] = [this.#pick(this.phones), this.#pick(JOBS)]
        switch (this.roll(22)) {
            case 0:
            case 1:
                return this.#edit(phone, number, note("testing", FORBIDDEN))
            case 2:
                return office.write(job(number), note(this.#pick(STEPS), this.#text()))
            case 3:
            case 4:
                return void (await phone.roundTrip())
            case 5:
                // The office took the request; its answer never arrives.
                return void (await phone.ask(await phone.request()))
            case 6:
                return this.#slowAnswer(phone, number)
            case 7:
            case 8:
                return void this.#requests.push([phone, await phone.request()])
            case 9:
            case 10:
                return this.#arrive()
            case 11:
            case 12:
                return this.#hear()
            case 13:
                return phone.reopen()
            case 14:
                return phone.handset.compact()
            case 15:
                return this.#move(number)
            case 16:
                this.#backup = office.backUp()
                return
            case 17:
                return office.restore(this.#backup)
            case 18:
                phone.disk.fault = this.roll(2) === 0 ? "full" : "torn"
                return
            case 19:
                if (this.roll(6) === 0) office.revoked.add(phone.device)
                return
            default:
                return this.#edit(phone, number, note(this.#pick(STEPS), this.#text()))
        }
    }

    async #edit(phone: Phone, number: number, edit: Edit): Promise<void> {
        const before = phone.state.unsent()
        try {
            await phone.edit(number, edit)
        } catch (error) {
            if (error instanceof JobGone || error instanceof NotHeld || error instanceof StoreFailed) return
            throw error
        }
        if (phone.state.unsent() === before) return
        const own = phone.state.held(job(number)).unsent.at(-1)?.own
        if (!own) throw new Error("what was written is not there")
        const name = `${number} ${own.actor} ${own.seq}`
        expect(this.written.has(name), "a number was given out twice").toBe(false)
        this.written.set(name, own.hash)
    }

    /** The phone's technician writes between request and answer, which then comes twice. */
    async #slowAnswer(phone: Phone, number: number): Promise<void> {
        const request = await phone.request()
        const answer = await phone.ask(request)
        await this.#edit(phone, number, note("accept", this.#text()))
        await phone.answer(request, answer).catch(forgive)
        await phone.answer(request, answer).catch(forgive)
    }

    /** One of the requests on their way arrives, and perhaps once more. Its answer sets out. */
    async #arrive(): Promise<void> {
        const [arrived] = this.#taken(this.#requests)
        if (arrived) this.#answers.push([...arrived, await arrived[0].ask(arrived[1])])
    }

    async #hear(): Promise<void> {
        const [heard] = this.#taken(this.#answers)
        if (heard) await heard[0].answer(heard[1], heard[2])
    }

    #move(number: number): void {
        const device = this.phones[0]?.device ?? ""
        if (this.office.holds(device, job(number))) this.office.revoke(job(number), device)
        else this.office.grant(job(number), device)
    }

    /** One of those on their way; it may stay, to come again. */
    #taken<T>(onTheirWay: T[]): T[] {
        if (onTheirWay.length === 0) return []
        const at = this.roll(onTheirWay.length)
        return this.roll(2) === 0 ? onTheirWay.slice(at, at + 1) : onTheirWay.splice(at, 1)
    }

    #pick<T>(from: readonly T[]): T {
        const picked = from[this.roll(from.length)]
        if (picked === undefined) throw new Error("there is nothing to pick")
        return picked
    }

    #text(): string {
        this.#texts += 1
        return `第${this.#texts}条`
    }

    /** Both phones sync until nothing moves any more. */
    async heal(): Promise<void> {
        for (const phone of this.phones) phone.disk.fault = undefined
        for (let round = 0; round < 4; round++) for (const phone of this.phones) await phone.sync()
    }
}

test("after any storm phones and office agree, and every change is accounted for", { timeout: 600_000 }, async () => {
    await startAutomerge()
    for (let seed = 0; seed < SEEDS; seed++) {
        const storm = new Storm(seed)
        await storm.begin()
        for (let event = 0; event < EVENTS; event++) await storm.run().catch(forgive)
        await storm.heal()
        for (const { state, device } of storm.phones) {
            expect(state.unsent(), `seed ${seed}`).toBe(0)
            if (!storm.office.revoked.has(device))
                expect(state.digest(), `seed ${seed}`).toBe(storm.office.digestOf(device))
            const reopened = new Replica(compacted(state)).state
            expect(reopened.digest(), `seed ${seed}`).toBe(state.digest())
            expect(compacted(reopened), `seed ${seed}`).toEqual(compacted(state))
        }
        const records = [...storm.office.records.values()]
        const lost = [...storm.written.values()].filter(
            (hash) => !storm.office.quarantine.has(hash) && !records.some((record) => record.has(hash)),
        )
        expect(lost, `seed ${seed}`).toEqual([])
    }
})
