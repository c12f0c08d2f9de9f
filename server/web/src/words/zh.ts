import { alarm, conflict, part, phone, sending, step } from "./zh/phone.ts"
import { everywhere } from "./zh/everywhere.ts"
import { backup, quote, sign } from "./zh/money.ts"
import { taken } from "./zh/taken.ts"
import { signIn } from "./zh/sign_in.ts"
import { status } from "./zh/status.ts"
import { delay, travel } from "./zh/travel.ts"
import { terms } from "./zh/terms.ts"
import { unkept } from "./zh/unkept.ts"
import { days, earlier, here, scan, sentPhoto } from "./zh/visit.ts"

/** What every page says. The desk has words of its own beside these (`zh/desk.ts`), which a phone does not carry. */
export const zh = {
    alarm,
    backup,
    conflict,
    delay,
    part,
    days,
    earlier,
    everywhere,
    here,
    phone,
    quote,
    scan,
    sending,
    sentPhoto,
    sign,
    signIn,
    status,
    step,
    taken,
    terms,
    unkept,
    travel,
}
