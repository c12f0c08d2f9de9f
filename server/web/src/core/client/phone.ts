/** What the way to the server needs of a phone; the handset is one. */
import type { Input, Now, Output } from "../replica.ts"
import type { State } from "../replica/state.ts"
import type { Store } from "../store.ts"
import type { Connection } from "./http.ts"

export interface Phone {
    /** As it stands now; the next input may put another in its place. */
    readonly state: State
    readonly store: Store
    readonly connection: Connection
    now(): Now
    random(bytes: number): Uint8Array
    /** Takes an input; resolves once what follows from it is durable. */
    handle(input: Input): Promise<Output[]>
    /** Keeps nothing but the phone's key and whom it belongs to. Throws while anything is not with the server. */
    letGo(): Promise<void>
    /** Makes what is to be left of a photo once the server has it, before the photo goes. */
    readonly onParting: (photo: PhotoHere) => Promise<void>
}

/** A photo whose bytes are on this phone. */
export interface PhotoHere {
    job: string
    sha256: string
    blob: Blob
}

/** The session has ended, or there was none: somebody must sign in. Nobody is kept from working by that. */
export class NeedsSignIn extends Error {
    override name = "NeedsSignIn"
}

/** This phone still holds the work of somebody else. */
export class HeldByAnother extends Error {
    override name = "HeldByAnother"
    readonly login: string

    constructor(login: string) {
        super(`this phone still holds the work of ${login}`)
        this.login = login
    }
}
