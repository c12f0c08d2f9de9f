import type { DeskWords } from "../../words.ts"
import { deskAmend } from "./desk_amend.ts"
import { deskCustomers } from "./desk_customers.ts"
import { deskAnswers } from "./desk_answers.ts"
import { deskBoard } from "./desk_board.ts"
import { deskEscalations } from "./desk_escalations.ts"
import { deskInbox } from "./desk_inbox.ts"
import { deskIntake } from "./desk_intake.ts"
import { deskJob } from "./desk_job.ts"
import { deskJobs } from "./desk_jobs.ts"
import { deskLists } from "./desk_lists.ts"
import { deskStaff } from "./desk_staff.ts"
import { deskTemplates } from "./desk_templates.ts"
import { deskTerms } from "./desk_terms.ts"
import { deskOutlets } from "./desk_outlets.ts"
import { deskQuote } from "./desk_quote.ts"
import { deskOwed } from "./desk_owed.ts"
import { deskMap } from "./desk_map.ts"
import { deskShell } from "./desk_shell.ts"

export const enDesk: DeskWords = {
    deskAmend,
    deskAnswers,
    deskBoard,
    deskCustomers,
    deskEscalations,
    deskInbox,
    deskIntake,
    deskJob,
    deskJobs,
    deskLists,
    deskMap,
    deskOutlets,
    deskOwed,
    deskQuote,
    deskShell,
    deskStaff,
    deskTemplates,
    terms: deskTerms,
}
