//! A report in words, and with care: what follows from the signatures, and what only somebody's word stands for.

use super::report::{
    BackupReport, ConsentReport, HandBackReport, Report, SignOffReport, Statement, TakeBackReport, Written,
};
use super::{Failure, Misfit};
use schema::people::Language;
use schema::record::{How, SignOffKind};
use std::fmt::Write as _;

fn both(zh: impl Into<String>, en: impl Into<String>) -> Statement {
    Statement { zh: zh.into(), en: en.into() }
}

/// What the signatures in the file amount to.
pub(super) fn proves(report: &Report) -> Vec<Statement> {
    let mut proves = vec![both(
        "文件自导出后没有改动：每一行的校验和与结尾签名都相符。",
        "The file is as it was exported: each line's sum and the closing signature fit.",
    )];
    for writer in &report.writers {
        let (Some(device), Some(key)) = (writer.device, writer.key) else { continue };
        let (many, last) = (writer.changes, writer.last_received_at);
        proves.push(both(
            format!("{many} 条改动由设备 {device} 的密钥 {key} 签名；服务器最迟于 {last} 已收到并签收。"),
            format!("{many} changes were signed with the key {key} of device {device}; the server held them at the latest at {last}, and signed for that."),
        ));
    }
    for sign_off in &report.sign_offs {
        let (id, covered) = (&sign_off.entry.id, sign_off.covered);
        proves.push(both(
            format!("签收记录 {id} 所指的正是由 {covered} 条改动还原出的那张任务单：哈希值相符。"),
            format!("Sign-off {id} names exactly the sheet that {covered} of the changes make: the hashes agree."),
        ));
    }
    for backup in &report.backups {
        let id = &backup.entry.id;
        proves.push(both(
            format!("数据备份确认 {id} 所签的文字正是其报价所要求的文字，哈希值相符。"),
            format!("Backup consent {id} is for exactly the words that its quote's work asks for: the hash fits."),
        ));
    }
    for receipt in &report.take_backs {
        let id = &receipt.entry.id;
        proves.push(both(
            format!("拉修凭证 {id} 所签的文字正是其所载内容应有的文字，哈希值相符。"),
            format!("Take-back receipt {id} is for exactly the words that its facts make: the hash fits."),
        ));
    }
    for end in report.hand_backs.iter().filter(|end| end.entry.is_signed) {
        let id = &end.entry.id;
        proves.push(both(
            format!("交还确认 {id} 所签的文字正是其所载内容应有的文字，哈希值相符。"),
            format!("Hand-back {id} is for exactly the words that its facts make: the hash fits."),
        ));
    }
    proves.push(both(
        "由日志还原的记录，其版本哈希（heads）与文件所载相同；任何一份 heads 相同的副本，内容必然相同。",
        "The record made again from the log ends in the heads that the file names; any copy with equal heads is the same record.",
    ));
    if report.is_trusted {
        proves.push(both(
            "结尾签名出自您指定信任的服务器公钥。",
            "The closing signature is by the server's key that you said you trust.",
        ));
    }
    proves
}

/// What must be shown by other means.
pub(super) fn does_not_prove(report: &Report) -> Vec<Statement> {
    let mut open = vec![
        both(
            "不证明签字人就是所写姓名的本人：姓名是填写的内容，笔迹须另行鉴定。",
            "Not that whoever signed is the person named: a name is what was filled in, and strokes are for an expert to judge.",
        ),
        both(
            "不证明设备当时由谁持有：设备归谁使用，是公司的陈述。",
            "Not who held a device at the time: whose device it is, is the company's word.",
        ),
        both(
            "手机上的时间是设备自报的；可核对的只有服务器的收到时间，以及改动之间的先后依据关系。",
            "Times of a phone are what it claims; only the server's times of receipt and the order in which changes build on each other can be checked.",
        ),
        both(
            "未经设备签名的改动（办公室、客户链接）以及收到时间，以服务器的签名和公司的陈述为准。",
            "Changes that no device signed (the office, a customer's link) and times of receipt stand on the server's signature and the company's word.",
        ),
    ];
    if !report.photos.is_empty() {
        open.push(both(
            "照片本身不在文件内，只有其 SHA-256；拿到照片后可逐张比对。",
            "Photos are not in the file, only their SHA-256: with a photo in hand it can be compared.",
        ));
    }
    if !report.is_trusted {
        open.push(both(
            format!("没有指定信任的服务器公钥：请向公司或其公示处核对公钥 {}。", report.server_key),
            format!("No server key to trust was named: compare {} with what the company publishes.", report.server_key),
        ));
    }
    open
}

struct Page {
    language: Language,
    text: String,
}

impl Page {
    fn pick<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        match self.language {
            Language::Chinese => zh,
            Language::English => en,
        }
    }

    fn line(&mut self, zh: &str, en: &str, value: impl std::fmt::Display) {
        let (label, colon) = (self.pick(zh, en), self.pick("：", ": "));
        let _ = writeln!(self.text, "{label}{colon}{value}");
    }

    fn title(&mut self, zh: &str, en: &str) {
        let title = self.pick(zh, en);
        let _ = write!(self.text, "\n【{title}】\n");
    }

    fn statements(&mut self, statements: &[Statement]) {
        for statement in statements {
            let _ = writeln!(self.text, "- {}", statement.get(self.language));
        }
    }

    fn written(&mut self, written: &Written) {
        self.line("  服务器收到", "  received by the server", written.received_at);
        if let Some(at) = written.not_before {
            self.line("  不早于", "  not before", at);
        }
        let server = self.pick("服务器（办公室或客户链接）", "the server (office or customer's link)").to_owned();
        let device = written.device.map_or(server, |device| device.to_string());
        self.line("  签名设备", "  signed by device", device);
    }
}

impl Report {
    /// For people.
    pub fn to_text(&self, language: Language) -> String {
        let mut page = Page { language, text: String::new() };
        page.line("工单", "Job", format!("{} ({})", self.number, self.job));
        page.line("导出时间", "Exported", self.exported_at);
        let lines = page.pick("行", "lines").to_owned();
        page.line("文件", "File", format!("{} B, {} {lines}", self.bytes, self.lines));
        page.line("改动数", "Changes", self.changes);
        page.line("模板", "Template", &self.template);
        self.heads.iter().for_each(|head| page.line("版本哈希", "Head", head));
        page.line("服务器公钥", "Server's key", self.server_key);
        self.write_writers(&mut page);
        self.consents.iter().for_each(|consent| write_consent(&mut page, consent));
        self.backups.iter().for_each(|backup| write_backup(&mut page, backup));
        self.take_backs.iter().for_each(|receipt| write_take_back(&mut page, receipt));
        self.hand_backs.iter().for_each(|end| write_hand_back(&mut page, end));
        self.sign_offs.iter().for_each(|sign_off| write_sign_off(&mut page, sign_off));
        self.write_rest(&mut page);
        page.title("可以证明", "What this proves");
        page.statements(&self.proves);
        page.title("不能证明", "What this does not prove");
        page.statements(&self.does_not_prove);
        page.text
    }

    fn write_writers(&self, page: &mut Page) {
        page.title("写入者", "Who wrote");
        for writer in &self.writers {
            let server = page.pick("服务器（办公室、客户链接）", "the server (office, customers' links)").to_owned();
            let who = match (&writer.person, writer.device) {
                (Some(person), Some(device)) => {
                    format!("{person} ({}), {device}", writer.staff_number.as_deref().unwrap_or("-"))
                }
                _ => server,
            };
            page.line("写入者", "Writer", who);
            page.line("  改动数", "  changes", writer.changes);
            page.line(
                "  收到时间",
                "  received",
                format!("{} – {}", writer.first_received_at, writer.last_received_at),
            );
            if let Some(key) = writer.key {
                page.line("  公钥", "  key", key);
            }
            if let Some(at) = writer.revoked_at {
                page.line("  已停用于", "  revoked", at);
            }
        }
    }

    fn write_rest(&self, page: &mut Page) {
        if self.conflicts > 0 {
            page.line("并存的不同内容", "Places where two values stand", self.conflicts);
        }
        if !self.photos.is_empty() || !self.refused.is_empty() {
            page.title("照片与拒收", "Photos and refusals");
        }
        self.photos.iter().for_each(|photo| page.line("照片 SHA-256", "Photo, SHA-256", photo));
        for refused in &self.refused {
            let who = refused.person.as_deref().unwrap_or("-");
            let text =
                format!("{} {who} {} {}", refused.entry.received_at, refused.entry.code, refused.entry.first_hash);
            page.line("未被采纳", "Not taken over", text);
        }
    }
}

fn how(page: &Page, how: How) -> String {
    let (zh, en) = match how {
        How::Phone => ("在服务工程师的手机上", "on the technician's phone"),
        How::Link => ("通过客户链接", "on the customer's own link"),
        How::DeskCall => ("客服电话", "on the phone with the desk"),
    };
    page.pick(zh, en).to_owned()
}

fn write_consent(page: &mut Page, consent: &ConsentReport) {
    page.title("客户认可报价", "Consent to a quote");
    let entry = &consent.entry;
    page.line("姓名（自填）", "Name, as given", &entry.name);
    let how = how(page, entry.how);
    page.line("方式", "How", how);
    let money = schema::money::Money { minor: entry.total_minor, currency: entry.currency };
    page.line("金额", "Total", money);
    page.line("自报时间", "Time, as claimed", &entry.at);
    page.written(&consent.written);
    write_opens(page, &consent.opens);
}

fn write_backup(page: &mut Page, backup: &BackupReport) {
    page.title("数据备份确认", "Backup consent");
    let entry = &backup.entry;
    page.line("姓名（自填）", "Name, as given", &entry.name);
    let how = how(page, entry.how);
    page.line("方式", "How", how);
    page.line("自报时间", "Time, as claimed", &entry.at);
    write_words(page, &entry.text, entry.text_hash);
    page.written(&backup.written);
    write_opens(page, &backup.opens);
}

fn write_words(page: &mut Page, text: &str, hash: schema::binary::Hash) {
    page.line("所签文字的哈希（相符）", "Hash of the words (it fits)", hash);
    for line in text.lines() {
        let _ = writeln!(page.text, "  | {line}");
    }
}

fn write_take_back(page: &mut Page, receipt: &TakeBackReport) {
    page.title("拉修凭证", "Take-back receipt");
    let entry = &receipt.entry;
    page.line("姓名（自填）", "Name, as given", &entry.name);
    page.line("约定归还日期", "To be returned on", &entry.return_on);
    page.line("自报时间", "Time, as claimed", &entry.at);
    write_words(page, &entry.text, entry.text_hash);
    page.written(&receipt.written);
}

fn write_hand_back(page: &mut Page, end: &HandBackReport) {
    page.title("交还确认", "Hand-back");
    let entry = &end.entry;
    page.line("拉修凭证编号", "Of the receipt", &entry.receipt);
    page.line("姓名（自填）", "Name, as given", &entry.name);
    if let Some(reason) = entry.reason.as_ref().filter(|_| !entry.is_signed) {
        page.line("未签字", "Not signed", reason);
    }
    page.line("自报时间", "Time, as claimed", &entry.at);
    write_words(page, &entry.text, entry.text_hash);
    page.written(&end.written);
}

fn write_opens(page: &mut Page, opens: &[super::line::OpenLine]) {
    for open in opens {
        page.line("  链接使用", "  link used", format!("{} {} {} {}", open.at, open.act, open.address, open.browser));
    }
}

fn write_sign_off(page: &mut Page, sign_off: &SignOffReport) {
    let entry = &sign_off.entry;
    match entry.kind {
        SignOffKind::Signed => page.title("客户签收", "Sign-off"),
        SignOffKind::Declined => page.title("客户拒签", "Declined to sign"),
    }
    page.line("姓名（自填）", "Name, as given", &entry.name);
    let how = how(page, entry.how);
    page.line("方式", "How", how);
    page.line("自报时间", "Time, as claimed", &entry.at);
    page.line("任务单哈希（相符）", "Sheet's hash (it fits)", entry.sheet_hash);
    page.line("涵盖改动数", "Changes covered", sign_off.covered);
    page.written(&sign_off.written);
    write_opens(page, &sign_off.opens);
    page.line("签收后任务单变动", "Places of the sheet changed since", sign_off.sheet_changed_count);
    for change in &sign_off.sheet_changed {
        let shown = |value: &Option<serde_json::Value>| value.as_ref().map_or("–".to_owned(), ToString::to_string);
        let _ = writeln!(page.text, "  {}: {} → {}", change.path, shown(&change.before), shown(&change.after));
    }
    page.line("未被涵盖的改动", "Changes not covered", sign_off.later_count);
    for later in &sign_off.later {
        let who = later.person.as_deref().unwrap_or("–");
        let _ = writeln!(page.text, "  {} {who}: {}", later.received_at, later.places.join(", "));
    }
}

impl Misfit {
    /// For people.
    pub fn to_text(&self, language: Language) -> String {
        let page = Page { language, text: String::new() };
        let field = self.field.as_ref().map(|field| format!(" ({field})")).unwrap_or_default();
        let why = page.pick(&self.zh, &self.en);
        match language {
            Language::Chinese => {
                format!(
                    "不相符：文件第 {} 字节起（第 {} 行{field}）：{why}。此前的内容逐行相符，此后的内容未予采信。\n",
                    self.offset, self.line
                )
            }
            Language::English => {
                format!(
                    "It does not fit, from byte {} on (line {}{field}): {why}.\nThe lines before fit each other; nothing after was relied on.\n",
                    self.offset, self.line
                )
            }
        }
    }
}

impl Failure {
    pub fn to_text(&self, language: Language) -> String {
        match (self, language) {
            (Self::Misfit(misfit), _) => misfit.to_text(language),
            (Self::Unreadable(error), Language::Chinese) => format!("文件无法读取：{error}\n"),
            (Self::Unreadable(error), Language::English) => format!("The file can't be read: {error}\n"),
        }
    }
}
