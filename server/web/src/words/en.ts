import type { CommonWords } from "../words.ts"
import { alarm, conflict, part, phone, sending, step } from "./en/phone.ts"
import { everywhere } from "./en/everywhere.ts"
import { backup, quote, sign } from "./en/money.ts"
import { taken } from "./en/taken.ts"
import { signIn } from "./en/sign_in.ts"
import { status } from "./en/status.ts"
import { delay, travel } from "./en/travel.ts"
import { terms } from "./en/terms.ts"
import { unkept } from "./en/unkept.ts"
import { days, earlier, here, scan, sentPhoto } from "./en/visit.ts"

export const en: CommonWords = {
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
