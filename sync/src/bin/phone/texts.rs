//! Everything that the phone says, in both languages. `{}` are filled in order.

use schema::people::Language;

macro_rules! texts {
    ($($name:ident = $zh:literal, $en:literal;)+) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Text { $($name),+ }

        #[cfg(test)]
        const ALL: &[Text] = &[$(Text::$name),+];

        impl Text {
            pub const fn get(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$name, Language::Chinese) => $zh, (Self::$name, Language::English) => $en),+
                }
            }
        }
    };
}

texts! {
    // Done.
    Recorded = "已记录：{}", "Recorded: {}";
    NotSentYet = "（未发送 {} 项，联网后请同步）", " ({} not sent yet; sync when there is network)";
    LoggedIn = "{}（{}）已登录 {}", "{} ({}) is logged in at {}";
    LoggedOut = "已退出登录，本机数据已清除。", "Logged out; this phone holds nothing any more.";
    SavedInto = "未发送的 {} 项修改、{} 张照片已存入 {}。请交给调度，或重新登录后用 phone import 导入。", "{} changes and {} photos that were not sent are saved in {}. Hand the file to dispatch, or log in again and take it back by phone import.";
    PhotosBeside = "照片在文件夹 {} 中，请一并交出，或放在该文件旁一起导入。", "The photos are in the folder {}: hand it over too, or keep it beside the file when you take that back.";
    Imported = "已导入 {} 项修改、{} 张照片，下次同步时发送。", "Took back {} changes and {} photos; they are sent with the next sync.";
    ImportForeign = "此文件来自另一部手机（重新登录后也算另一部）。同步时，那部手机从未同步过的工单照常写入；其余内容不写入工单，服务器原样留存，由调度决定是否采纳。", "This file is from another phone (after a new log-in this one counts as another). When you sync, jobs that the other phone never sent anything of are taken as usual; the rest is not written into its job: the server keeps it as it came, and dispatch decides whether to adopt it.";
    ImportOthers = "此文件是 {} 的，不是您的。请由本人导入，或交给调度处理；由您同步，其内容不会写入工单，也不能采用为您的记录。", "This file is {}'s, not yours. Let them take it back, or hand it to dispatch; when you sync, nothing of it is written into its jobs, nor can it be adopted as yours.";
    Synced = "同步完成：往返 {} 次，上行 {} 字节，下行 {} 字节。", "Synced: {} round trips, {} bytes up, {} bytes down.";
    ReferenceFails = "收费标准和流程未能更新：{}", "Price list and checklists could not be fetched: {}";
    StillUnsent = "仍有 {} 项修改未发送，请稍后再同步。", "{} changes are still unsent; sync again later.";
    PhotoAgain = "{} 的记录里已有这张照片，已重新存入本机，下次同步时上传。", "The record of {} names this photo already; it is kept here again, and sent with the next sync.";
    PhotosSent = "已上传照片 {} 张，服务器已确认收到。", "{} photos are sent, and the server says that it holds them.";
    PhotoFails = "有照片未能上传：{}。照片仍保存在本机，下次同步继续。", "A photo could not be sent: {}. It is kept on this phone; the next sync goes on.";
    PhotosOwed = "待上传照片 {} 张（保存在本机）。", "{} photos are still to be sent (kept on this phone).";
    PhotosRefused = "服务器不收照片 {} 张，不再发送，仍保存在本机；原因见 phone status。", "The server does not take {} photos; they are not sent any more, and stay on this phone. See phone status for why.";
    SomeDecided = "有 {} 条未被采纳的内容已由调度处理，详见 phone notices。", "Dispatch decided about {} entries that were not taken over; see phone notices.";
    SomeRefused = "有 {} 处内容未被采纳，详见 phone notices。", "{} entries were not taken over; see phone notices.";
    Revoked = "公司已停用这部手机：不再收到工单，也不能提交。如果手机仍由您使用，请先联系调度，再重新登录（phone login），本机会登记为新手机。", "The office has switched this phone off: no jobs come, and nothing is taken any more. If it is still yours, ask dispatch, then log in again (phone login): it becomes a new phone.";
    RevokedUnsent = "公司已停用这部手机，本机还有内容没有发送。请用 phone logout --force-into 文件 另存并交给调度，再重新登录（phone login），本机会登记为新手机。", "The office has switched this phone off, and something on it is not sent. Save it by phone logout --force-into FILE and hand it to dispatch; then log in again (phone login): it becomes a new phone.";
    PriceAsked = "已申请核价：{}。工程部主管应于 {} 前答复，用 phone asked 查看。", "Asked for a price: {}. The engineering supervisor answers by {}; see phone asked.";
    NoPriceAsked = "此工单没有申请过核价。", "No price was asked for on this job.";
    PriceAwaited = "等待答复，应于 {} 前答复", "not answered yet, due by {}";
    PriceLate = "仍未答复，已超过 {} 的时限；请联系客服催办", "not answered, though it was due by {}; call the desk";
    PriceNotFeasible = "{}：不能做。{}", "{}: it can't be done. {}";
    PriceAnswered = "{}：{}/{}。{}报价时用 --off-list '{}'", "{}: {}/{}. {} Quote it by --off-list '{}'";
    BackupSigned = "{} 已签署数据备份确认 {}", "{} has signed the backup consent {}";
    TakeBackSigned = "{} 已签署拉修凭证 {}", "{} has signed the take-back receipt {}";
    HandBackWritten = "{} · 交还确认 {}", "{} · hand-back {}";
    // Not done.
    NoReceiptOpen = "没有未结的拉修凭证。", "No take-back receipt is open.";
    NoBackupNeeded = "客户认可的报价中没有可能造成数据丢失的操作，或已签署数据备份确认。", "Nothing that the customer accepted can destroy data, or the backup consent is signed already.";
    CopyUnknown = "“{}”不对：客户已自行备份填 customer，工程师已备份填 technician，没有备份填 none。", "\"{}\" is none of these: customer, technician, none.";
    InstalledTooEarly = "{}。", "{}.";
    InstalledOnBad = "安装日期应写成 2026-03-02，且不晚于今天：{}", "A day of installation is written as in 2026-03-02, and is not after today: {}";
    NotYet = "现在还不能这样做：", "This can't be done yet:";
    NothingChanged = "内容没有变化。", "Nothing would change.";
    WriteFails = "内容无法记录：{}", "This can't be recorded: {}";
    JobGone = "此工单已不在您手上（{}），不能再修改；紧急求助仍可发送。", "This job has left your hands ({}) and can't be changed; a call for help still can be sent.";
    JobUnknown = "本机没有工单“{}”，请先同步或用 phone list 查看。", "This phone holds no job \"{}\"; sync first, or look at phone list.";
    JobAmbiguous = "“{}”对应多张工单：{}", "\"{}\" fits more than one job: {}";
    StepUnknown = "流程中没有步骤“{}”，可用：{}", "The checklist has no step \"{}\"; there are: {}";
    TemplateMissing = "此工单的流程还没有下载到本机，联网同步后即有。备注和照片可先记在“visit”（整次上门）。", "This job's checklist is not on this phone yet; it comes with the next sync. Until then keep notes and photos at \"visit\", the visit as a whole.";
    NotEnrolled = "还没有人在本机登录，请先 phone login。", "Nobody has logged in on this phone; phone login first.";
    NeedsLogin = "登录已过期，请重新登录（phone login）。本机内容完好，未发送的内容不会丢失，登录前可照常工作。", "The session has ended; log in again (phone login). Nothing is lost: what is unsent stays here, and you can go on working meanwhile.";
    Unreachable = "连不上服务器（{}）。内容都在本机，联网后再同步即可。", "The server can't be reached ({}). Everything is kept here; sync when there is network.";
    AnswerUnreadable = "服务器的回复无法识别：{}", "The server's answer does not read: {}";
    AddressBad = "服务器地址不正确：{}", "This is no server's address: {}";
    HeldByAnother = "本机仍有 {}（{}）的内容，请先由其同步并退出登录，或换一个文件夹。", "This phone still holds work of {} ({}); let them sync and log out first, or use another folder.";
    FolderInUse = "文件夹正被另一个 phone 使用。", "The folder is in use by another phone process.";
    StoreFails = "本机存储出错，这次操作没有生效：{}", "This phone's store failed, and this did not count: {}";
    FileFails = "无法读写文件 {}：{}", "The file {} can't be read or written: {}";
    LogoutUnsent = "还有 {} 项修改、{} 张照片没有发送，不能退出登录。请先同步，或用 --force-into 文件 另存后退出。", "{} changes and {} photos are not sent, so log-out is refused. Sync first, or save them by --force-into FILE.";
    ImportUnreadable = "文件不是本程序另存的内容，没有导入：{}", "The file is not what this program saved; nothing was taken: {}";
    NumberBad = "“{}”不是数量，请写成 2 或 1.5。", "\"{}\" is no quantity; write 2 or 1.5.";
    PriceBad = "“{}”不是标准外项目，请写成 编号|名称|单位|单价*数量。", "\"{}\" is no off-list item; write REQUEST|NAME|UNIT|PRICE*QTY.";
    CodeUnknown = "收费标准（第 {} 版）没有项目“{}”。", "The price list (version {}) has no item \"{}\".";
    NoPriceList = "本机没有收费标准，请先同步。", "There is no price list on this phone; sync first.";
    PartNameMissing = "收费标准没有配件“{}”，请用 --name 写明名称。", "The price list has no part \"{}\"; name it by --name.";
    TotalTooLarge = "金额过大。", "The amount is too large.";
    NoQuote = "此工单还没有报价。", "This job has no quote yet.";
    QuoteUnknown = "没有报价“{}”。", "There is no quote \"{}\".";
    EntryUnknown = "没有编号以“{}”开头的记录。", "There is no entry whose id begins with \"{}\".";
    NoDue = "没有客户认可的有效报价，无法填写收费。", "No accepted quote is in force, so there is nothing to fill in.";
    PenMissing = "请用 --strokes 或 --demo-stroke 提供客户签字。", "Give the customer's signature by --strokes or --demo-stroke.";
    SheetChanged = "任务单内容在客户看过之后有变动（现为 {}），请重新出示再签。", "The sheet has changed since the customer saw it (now {}); show it again before they sign.";
    PhotoTooLarge = "照片有 {} MiB，服务器最多收 {} MiB，没有记录。请降低相机的分辨率重拍，或把照片缩小后再添加。", "The photo has {} MiB, and a server takes at most {}; it was not recorded. Take it at a lower resolution, or make it smaller, then add it again.";
    PhotoTooManyPixels = "照片尺寸 {}×{} 超出服务器的限制，没有记录。请降低相机的分辨率重拍，或把照片缩小后再添加。", "With {}×{} pixels the photo is beyond what a server takes; it was not recorded. Take it at a lower resolution, or make it smaller, then add it again.";
    NoPicture = "{} 不是可识别的照片。", "{} is no picture that can be read.";
    // Lists.
    NoJobs = "本机没有工单。", "There are no jobs on this phone.";
    Loading = "（工单尚未全部取回，请继续同步）", "(not all jobs have been fetched yet; sync again)";
    MarkUnsent = "未发送{}", "{} unsent";
    MarkIncomplete = "数据不完整", "not all data is here";
    MarkConflict = "有并行修改", "concurrent entries";
    GoneReassigned = "已转派", "re-assigned";
    GoneCancelled = "已取消", "cancelled";
    GoneClosed = "已结单", "closed";
    FieldName = "客户", "Customer";
    FieldPhone = "电话", "Phone";
    FieldAddress = "地址", "Address";
    FieldFault = "故障", "Fault";
    FieldProduct = "产品", "Product";
    FieldModel = "型号", "Model";
    FieldSerial = "机号", "Serial number";
    FieldPurchasedOn = "购买日期", "Purchased on";
    FieldWanted = "期望时间", "Wanted time";
    FieldUrgency = "紧急程度", "Urgency";
    FieldSkill = "所需技能", "Skill";
    FieldArea = "部位", "Part of the building";
    Window = "预约时段", "Time window";
    Technician = "工程师", "Technician";
    Steps = "【服务步骤】", "[Steps]";
    Missing = "缺：{}", "missing: {}";
    Note = "备注", "note";
    Reason = "原因", "reason";
    Photos = "照片 {} 张", "{} photos";
    Cause = "原因", "Cause";
    Measures = "措施", "Measures";
    Parts = "【配件】", "[Parts]";
    Quotes = "【报价】", "[Quotes]";
    Total = "合计", "total";
    InForce = "（已认可）", "(accepted)";
    ReceiptOwed = "【拉修中的物品还没有客户签字的凭证，请用 phone take-back 补签】", "[No receipt is signed for what was taken; see phone take-back]";
    TakeBacks = "【拉修】", "[Taken for repair]";
    ProductOut = "未归还", "not returned";
    ProductHome = "已归还", "returned";
    LoanerOf = "周转机 {}（{}）", "loaner {} ({})";
    ReturnOn = "约定 {} 归还", "to be returned on {}";
    Holds = "【挂起】", "[On hold]";
    SignOffs = "【签字】", "[Signatures]";
    Signed = "{} 已签字 {}", "signed by {} {}";
    Declined = "{} 拒签：{} {}", "{} declined to sign: {} {}";
    Conflicts = "【并行修改：各方内容都保留】", "[Concurrent entries: all are kept]";
    Settled = "{} 由{}选定：{}", "settled {} by {}: {}";
    NoConflicts = "没有并行修改。", "Nobody wrote at the same time as somebody else.";
    NoConflictThere = "“{}”处没有可选的并行修改，请用 phone conflicts 查看。", "There is nothing to choose at \"{}\"; see phone conflicts.";
    NoSuchValue = "请从 1 到 {} 中选一项。", "Choose a number from 1 to {}.";
    MatterSignOff = "【有 {} 份客户签字互不知情：都保留，由主管认定以哪份为准】", "[{} signatures were given without knowing of each other: all are kept, the supervisor says which counts]";
    MatterConsent = "【有 {} 份客户认可互不知情：都保留，由主管认定以哪份为准】", "[{} consents were given without knowing of each other: all are kept, the supervisor says which counts]";
    MatterCharge = "【有 {} 笔收费互不知情：都保留，由主管认定以哪笔为准】", "[{} charges were filled in without knowing of each other: all are kept, the supervisor says which counts]";
    MatterWithdrawal = "【客户认可报价的同时有人撤回了该报价（共 {} 条）：都保留，由主管认定以哪条为准】", "[A quote was accepted and withdrawn at the same time ({} entries): all are kept, the supervisor says which counts]";
    CorrectedFrom = "（原：{}）", "(was: {})";
    Task = "要求", "Task";
    Rule = "标准", "Rule";
    Say = "应说", "Say";
    Avoid = "忌说", "Avoid";
    PlaysTitle = "【突发情况】", "[What can happen]";
    Unplaced = "（空）", "(empty)";
    Mine = "本机", "this phone";
    Others = "其他", "others";
    // Status.
    Who = "登录：{}（{}）@ {}", "Logged in: {} ({}) at {}";
    NoSession = "登录已结束，同步前请重新登录。", "The session has ended; log in again before the next sync.";
    JobsHere = "工单：{} 张", "Jobs: {}";
    JobsIncomplete = "其中 {} 张数据不完整", "{} of them are not complete";
    Unsent = "未发送：{} 项修改（{} 张工单）", "Unsent: {} changes ({} jobs)";
    Owed = "待上传照片：{} 张", "Photos to be sent: {}";
    Missed = "服务器还缺您拍的照片 {} 张，本机也没有；原图还在的话，请用 phone photo 重新添加。", "The server misses {} photos of yours, and so does this phone; if you still have the file, add it again by phone photo.";
    RefusedPhoto = "  服务器不收的照片：{} {} KB（{}），仍保存在本机，可退出登录", "  Not taken by the server: {}, {} KB ({}); still on this phone, which keeps nobody from logging out";
    PhotoIsTooLarge = "文件太大", "too large a file";
    PhotoHasTooManyPixels = "尺寸超出限制", "too many pixels";
    JobIsFull = "此工单的照片总量已达上限", "the job has as many photos as it may have";
    OwedOf = "  {}：{} 张（{} KB）", "  {}: {} photos ({} KB)";
    UnreadNotices = "未被采纳的内容：{} 条未读", "Not taken over: {} unread";
    LastContact = "上次联系服务器：{}（手机时钟{}）", "Last contact: {} (this phone's clock {})";
    NeverContact = "尚未与服务器联系过。", "Never in contact with the server.";
    ClockAhead = "快 {} 秒", "is {} s ahead";
    ClockBehind = "慢 {} 秒", "is {} s behind";
    ClockRight = "准确", "is right";
    Receipts = "服务器回执：{} 份", "Receipts from the server: {}";
    PriceListVersion = "收费标准：第 {} 版", "Price list: version {}";
    NoNotices = "没有未被采纳的内容。", "Everything was taken over.";
    RefusedCount = "有 {} 项内容未被采纳：{}", "{} entries were not taken over: {}";
    RefusedEarlier = "以前（或您的另一部手机）未被采纳的内容", "Something that was not taken over earlier, or from another phone of yours";
    Undecided = "调度尚未处理。", "Dispatch has not decided yet.";
    AdoptedBy = "{} 由{}采用：{}", "{}: adopted by {}: {}";
    AdoptedBecause = "{} 由{}采用：{}（{}）", "{}: adopted by {}: {} ({})";
    RejectedBy = "{} 被{}驳回：{}。原因：{}", "{}: rejected by {}: {}. Why: {}";
    Read = "（已读）", "(read)";
    SheetHash = "校验码：{}", "Hash: {}";
}

/// The text with its `{}` filled in order.
pub fn fill(language: Language, text: Text, words: &[&str]) -> String {
    let mut words = words.iter();
    let mut pieces = text.get(language).split("{}");
    let mut filled = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        filled.push_str(words.next().copied().unwrap_or_default());
        filled.push_str(piece);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_leave_room_for_the_same_words() {
        for text in ALL {
            let places = |language| text.get(language).matches("{}").count();
            assert_eq!(places(Language::Chinese), places(Language::English), "{text:?}");
        }
    }

    #[test]
    fn words_are_filled_in_their_order_and_may_hold_braces() {
        assert_eq!(
            fill(Language::English, Text::CodeUnknown, &["3", "{}"]),
            "The price list (version 3) has no item \"{}\"."
        );
    }
}
