/** Brings the desk's words with the desk's pages. */
import { addWords } from "../words.ts"

addWords({
    "zh-CN": () => import("../words/zh/desk.ts").then(({ zhDesk }) => zhDesk),
    en: () => import("../words/en/desk.ts").then(({ enDesk }) => enDesk),
})
