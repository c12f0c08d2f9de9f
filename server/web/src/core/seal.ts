/**
 * Ed25519: a phone signs the hashes of what it pushes, the server signs for what it holds. The phone's private key is made by the browser
 * and never leaves it, not even to this page: it can be used and can't be read.
 */
import { type Bytes, fromHex, hex } from "./bytes.ts"

const ED25519 = { name: "Ed25519" }

/** The key of one installation. It is kept as it is: a store takes a `CryptoKey`. */
export interface DeviceKey {
    /** In hexadecimal. */
    publicKey: string
    privateKey: CryptoKey
}

/** Throws where the browser does not know Ed25519. */
export async function newDeviceKey(): Promise<DeviceKey> {
    const pair = (await crypto.subtle.generateKey(ED25519, false, ["sign", "verify"])) as CryptoKeyPair
    const publicKey = hex(new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)))
    return { publicKey, privateKey: pair.privateKey }
}

export async function sign(key: DeviceKey, message: Bytes): Promise<string> {
    return hex(new Uint8Array(await crypto.subtle.sign(ED25519, key.privateKey, message)))
}

/** Whether the owner of `publicKey` signed the message. */
export async function verify(publicKey: string, message: Bytes, signature: string): Promise<boolean> {
    try {
        const key = await crypto.subtle.importKey("raw", fromHex(publicKey), ED25519, false, ["verify"])
        return await crypto.subtle.verify(ED25519, key, fromHex(signature), message)
    } catch {
        return false
    }
}
