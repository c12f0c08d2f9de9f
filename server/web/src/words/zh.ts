import { deskBoard } from "./zh/desk_board.ts"
import { deskInbox } from "./zh/desk_inbox.ts"
import { deskIntake } from "./zh/desk_intake.ts"
import { deskJob } from "./zh/desk_job.ts"
import { deskJobs } from "./zh/desk_jobs.ts"
import { deskShell } from "./zh/desk_shell.ts"
import { terms } from "./zh/desk_terms.ts"
import { everywhere } from "./zh/everywhere.ts"
import { signIn } from "./zh/sign_in.ts"

export const zh = { deskBoard, deskInbox, deskIntake, deskJob, deskJobs, deskShell, everywhere, signIn, terms }
