import type { Words } from "../words.ts"
import { alarm, conflict, part, phone, sending, step } from "./en/phone.ts"
import { deskAmend } from "./en/desk_amend.ts"
import { deskCustomers } from "./en/desk_customers.ts"
import { deskAnswers } from "./en/desk_answers.ts"
import { deskBoard } from "./en/desk_board.ts"
import { deskInbox } from "./en/desk_inbox.ts"
import { deskIntake } from "./en/desk_intake.ts"
import { deskJob } from "./en/desk_job.ts"
import { deskJobs } from "./en/desk_jobs.ts"
import { deskLists } from "./en/desk_lists.ts"
import { deskStaff } from "./en/desk_staff.ts"
import { deskOutlets } from "./en/desk_outlets.ts"
import { deskQuote } from "./en/desk_quote.ts"
import { deskOwed } from "./en/desk_owed.ts"
import { deskMap } from "./en/desk_map.ts"
import { deskShell } from "./en/desk_shell.ts"
import { everywhere } from "./en/everywhere.ts"
import { quote, sign } from "./en/money.ts"
import { signIn } from "./en/sign_in.ts"
import { status } from "./en/status.ts"
import { delay, travel } from "./en/travel.ts"
import { terms } from "./en/desk_terms.ts"
import { unkept } from "./en/unkept.ts"
import { days, earlier, here, scan, sentPhoto } from "./en/visit.ts"

export const en: Words = {
    alarm,
    conflict,
    delay,
    part,
    deskAmend,
    deskCustomers,
    deskAnswers,
    days,
    deskBoard,
    deskInbox,
    deskIntake,
    deskJob,
    deskJobs,
    deskLists,
    deskOutlets,
    deskQuote,
    deskOwed,
    deskMap,
    deskShell,
    deskStaff,
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
    terms,
    unkept,
    travel,
}
