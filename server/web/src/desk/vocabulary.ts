/** Brings the desk's words with the desk's pages. */
import { addDeskWords } from "../words.ts"
import { enDesk } from "../words/en/desk.ts"
import { zhDesk } from "../words/zh/desk.ts"

addDeskWords({ "zh-CN": zhDesk, en: enDesk })
