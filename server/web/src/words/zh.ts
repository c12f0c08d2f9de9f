import { alarm, conflict, part, phone, sending, step } from "./zh/phone.ts"
import { deskAmend } from "./zh/desk_amend.ts"
import { deskCustomers } from "./zh/desk_customers.ts"
import { deskAnswers } from "./zh/desk_answers.ts"
import { deskBoard } from "./zh/desk_board.ts"
import { deskInbox } from "./zh/desk_inbox.ts"
import { deskIntake } from "./zh/desk_intake.ts"
import { deskJob } from "./zh/desk_job.ts"
import { deskJobs } from "./zh/desk_jobs.ts"
import { deskLists } from "./zh/desk_lists.ts"
import { deskStaff } from "./zh/desk_staff.ts"
import { deskOutlets } from "./zh/desk_outlets.ts"
import { deskQuote } from "./zh/desk_quote.ts"
import { deskOwed } from "./zh/desk_owed.ts"
import { deskMap } from "./zh/desk_map.ts"
import { deskShell } from "./zh/desk_shell.ts"
import { everywhere } from "./zh/everywhere.ts"
import { quote, sign } from "./zh/money.ts"
import { signIn } from "./zh/sign_in.ts"
import { status } from "./zh/status.ts"
import { delay, travel } from "./zh/travel.ts"
import { terms } from "./zh/desk_terms.ts"
import { unkept } from "./zh/unkept.ts"
import { days, earlier, here, scan, sentPhoto } from "./zh/visit.ts"

export const zh = {
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
