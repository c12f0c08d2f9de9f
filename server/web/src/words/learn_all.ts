/** What pages wait for before they draw, a test has from its beginning: every word in both languages. */
import "../desk/vocabulary.ts"
import { learn } from "../words.ts"

await Promise.all([learn("zh-CN"), learn("en")])
