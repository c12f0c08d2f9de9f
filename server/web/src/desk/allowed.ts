/** What the one who is signed in may do, as the server's table of roles says. Pages leave out the rest; the server refuses it anyhow. */
import type { Schemas } from "../api/client.ts"
import { session } from "../api/session.ts"

export type Permission = Schemas["Permission"]

export function may(permission: Permission): boolean {
    return session.value?.person.permissions?.includes(permission) ?? false
}
