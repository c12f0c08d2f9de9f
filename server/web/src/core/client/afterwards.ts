/** What follows once the records are the same on both sides: what is told beside them, and photos. */
import type { SyncReport } from "./drive.ts"
import { fetchEarlier } from "./earlier.ts"
import { fetchInHand } from "./in_hand.ts"
import type { Phone } from "./phone.ts"
import { sendPhotos } from "./photos.ts"

export async function finishSync(phone: Phone, report: SyncReport): Promise<void> {
    await fetchEarlier(phone, report)
    await sendPhotos(phone, report)
    await fetchInHand(phone, report)
}
