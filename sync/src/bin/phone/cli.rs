//! The command line.

use chrono_tz::Tz;
use clap::{Args, Parser, Subcommand, ValueEnum};
use schema::people::Language;
use schema::record::{BackupCopy, HandBackKind, HoldKind, OldPart, ReportField, WarrantyKind};
use std::path::PathBuf;

/// 维修工程师终端：没有网络也能用，数据不丢。
/// A technician's phone for the terminal: works without network, loses nothing.
#[derive(Parser)]
#[command(name = "phone", version, after_help = AFTER)]
pub struct Cli {
    /// 数据文件夹 / Folder with everything this phone knows
    #[arg(long, global = true, env = "PHONE_FOLDER", default_value = "phone-data")]
    pub folder: PathBuf,
    /// 语言 / Language
    #[arg(long, global = true, env = "PHONE_LANG", default_value = "zh")]
    pub lang: Lang,
    /// 时区 / Time zone in which times are shown
    #[arg(long, global = true, env = "PHONE_ZONE", default_value = "Asia/Shanghai")]
    pub zone: Tz,
    #[command(subcommand)]
    pub command: Command,
}

const AFTER: &str = "工单可用单号、单号末尾几位或编号开头指定；步骤可用编号(如 repair)或序号(如 15)。
A job is named by its number, the end of it, or the beginning of its id; a step by its id (repair) or its place (15).

退出码 / Exit codes: 0 完成 done · 1 未完成 not done (a rule, or how things stand) · 2 命令有误 usage · 3 连不上服务器 server not reached
4 需重新登录 log in again · 5 服务器拒绝 the server said no · 6 文件夹被占用、损坏或磁盘已满 folder or disk · 7 有未发送内容 unsent work
8 已同步，但有内容未被采纳 synced, but not everything was taken over";

#[derive(Clone, Copy, ValueEnum)]
pub enum Lang {
    Zh,
    En,
}

impl Lang {
    pub fn language(self) -> Language {
        match self {
            Self::Zh => Language::Chinese,
            Self::En => Language::English,
        }
    }
}

#[derive(Subcommand)]
pub enum Command {
    /// 登录 / Log in; asks for the password, or takes it from PHONE_PASSWORD or standard input
    Login(Login),
    /// 退出登录；有未发送内容时拒绝 / Log out; refused while something is unsent
    Logout(Logout),
    /// 导入退出登录时另存的内容 / Take back what was saved to a file at log-out
    Import { file: PathBuf },
    /// 取回新内容（与 sync 相同） / Fetch what is new (the same as sync)
    Pull,
    /// 同步 / Send what is unsent, fetch what is new
    Sync,
    /// 工单列表 / List the jobs
    List {
        /// 包括已转走、已取消、已结单的 / Also those that left this phone's hands
        #[arg(long)]
        all: bool,
    },
    /// 查看工单 / Show a job
    Show {
        job: String,
        /// 查看某一步的说明、话术与突发情况 / Show a step's task, phrases and playbook
        #[arg(long)]
        step: Option<String>,
    },
    /// 修改记录 / Who wrote what, when, and what stood there before
    History { job: String },
    /// 版本哈希：相同即内容相同 / The record's heads; where they are equal, records are
    Heads { job: String },
    /// 手机状态：未发送、待传照片、上次联系 / What is unsent, what is owed, the last contact
    Status,
    /// 未被采纳的内容 / What the server did not take over
    Notices {
        /// 标为已读 / Mark them as read
        #[arg(long)]
        read: bool,
    },
    /// 并行修改：各方内容、姓名、时间 / Places where two people wrote at once
    Conflicts { job: String },
    /// 在并行修改中选定一项 / Choose one of the values, by its number
    Settle {
        job: String,
        /// 位置，如 notes/listen / As in notes/listen
        place: String,
        number: usize,
    },
    /// 完成一步 / Mark a step done
    Do(Mark),
    /// 跳过一步（须写原因） / Skip a step (needs a reason)
    Skip(Mark),
    /// 不适用 / Mark a step as not applicable
    Na(Mark),
    /// 未通过（如试机不合格） / Mark a step as failed, as a test that did not hold
    Fail(Mark),
    /// 撤回勾选 / Take a tick back
    Undo(Mark),
    /// 步骤备注 / Write a step's note
    Note { job: String, step: String, text: String },
    /// 记录突发情况 / Record what happened, from the step's playbook
    Play(Play),
    /// 紧急求助，下次同步最先发送 / Call the centre for help; sent before everything else
    Alarm { job: String, reason: String },
    /// 更正报修信息 / Correct what was reported, beside the original
    Correct { job: String, field: ReportField, value: String },
    /// 挂起工单 / Put the job on hold
    Hold {
        job: String,
        kind: HoldKind,
        #[arg(long)]
        reason: String,
    },
    /// 解除挂起 / End a hold
    Release { job: String, hold: String },
    /// 照片 / Add a photo
    Photo { job: String, step: String, file: PathBuf },
    /// 读数或数量 / Record a measurement or a count
    Reading(Reading),
    /// 故障原因 / What caused the fault
    Cause { job: String, text: String },
    /// 维修措施 / What was done about it
    Measures { job: String, text: String },
    /// 更换配件 / Record a fitted part
    Part(Part),
    /// 收费标准 / Look into the price list
    Prices { search: Option<String> },
    /// 报价 / Make a quote from the price list
    Quote(Quote),
    /// 申请标准外核价（需联网，15 分钟内答复） / Ask for the price of what is not on the list; takes a network
    AskPrice { job: String, text: String },
    /// 核价结果（需联网） / What was answered to that
    Asked { job: String },
    /// 客户认可报价 / The customer accepts a quote
    Consent(Consent),
    /// 数据备份确认：不带姓名时只显示内容 / The customer signs before work that can destroy data; without a name, the words are shown
    Backup(Backup),
    /// 拉修：客户签署凭证后取走物品；不带姓名时只显示凭证 / Take the product away against a signed receipt; without a name, the receipt is shown
    TakeBack(Box<TakeBack>),
    /// 交还物品、收回周转机；不带姓名时只显示内容 / Hand the product back, or take in the loaner; without a name, the words are shown
    HandBack(HandBack),
    /// 填写收费金额 / Fill in the amount due, as agreed
    Charge { job: String },
    /// 服务任务单（客户所见内容） / The service sheet, as the customer sees it
    Sheet { job: String },
    /// 客户签字或拒签 / The customer signs, or declines to
    Sign(Sign),
}

#[derive(Args)]
pub struct Login {
    /// 服务器地址 / As in http://127.0.0.1:8080
    pub url: String,
    pub login: String,
    /// 手机名称 / What the phone is called
    #[arg(long, default_value = "terminal")]
    pub name: String,
    /// 从标准输入读取密码 / Read the password from standard input
    #[arg(long)]
    pub password_stdin: bool,
}

#[derive(Args)]
pub struct Logout {
    /// 先把未发送内容存入文件再退出 / Save what is unsent to this file first
    #[arg(long, value_name = "FILE")]
    pub force_into: Option<PathBuf>,
}

#[derive(Args)]
pub struct Mark {
    pub job: String,
    pub step: String,
    #[arg(long)]
    pub reason: Option<String>,
}

#[derive(Args)]
pub struct Play {
    pub job: String,
    pub step: String,
    pub play: String,
    #[arg(long)]
    pub note: Option<String>,
}

#[derive(Args)]
pub struct Reading {
    pub job: String,
    pub step: String,
    pub name: String,
    pub value: String,
    /// 省略时按流程规定 / Left out: as the checklist names it
    pub unit: Option<String>,
}

#[derive(Args)]
pub struct Part {
    pub job: String,
    /// 配件编码 / The part's code
    pub code: String,
    /// 数量，如 1 或 1.5 / As in 1 or 1.5
    #[arg(default_value = "1")]
    pub quantity: String,
    /// 省略时取自收费标准 / Left out: as in the price list
    #[arg(long)]
    pub name: Option<String>,
    #[arg(long)]
    pub serial: Option<String>,
    /// 旧件去向 / Where the old part went: returned, left_with_customer, none
    #[arg(long, default_value = "returned")]
    pub old: OldPart,
    /// 撤销之前误录的一条 / Takes back an earlier entry, by its id
    #[arg(long)]
    pub undo: Option<String>,
}

#[derive(Args)]
pub struct Quote {
    pub job: String,
    /// 收费项目编码*数量 / As in LAB-01*1 MAT-07*2.5
    #[arg(required_unless_present = "off_list")]
    pub lines: Vec<String>,
    /// 标准外项目，会丢数据的在单价后加 |data / An item that the supervisor priced: REQUEST|NAME|UNIT|PRICE*QTY, or PRICE|data*QTY for work that can
    /// destroy data
    #[arg(long, value_name = "ITEM")]
    pub off_list: Vec<String>,
    /// 方案名称 / Names this offer beside others, as in 更换
    #[arg(long)]
    pub option: Option<String>,
    /// 保修：product 产品保修， repair 维修保修， rework 返修 / Why the customer pays nothing
    #[arg(long, default_value = "none")]
    pub warranty: WarrantyKind,
    /// 保修范围外、照常收费的项目编码 / Under warranty: codes that are charged all the same
    #[arg(long, value_name = "CODE")]
    pub charged: Vec<String>,
    #[arg(long)]
    pub reason: Option<String>,
    /// 安装日期，如 2026-03-02；软件调试按此免费或收费，省略时按购买日期 / When the product was installed, by which set-up is charged; left out: the day of purchase
    #[arg(long, value_name = "DATE")]
    pub installed_on: Option<String>,
}

#[derive(Args)]
pub struct Backup {
    pub job: String,
    /// 客户姓名 / The customer's name
    #[arg(long)]
    pub name: Option<String>,
    /// 数据备份：customer 客户已自行备份， technician 工程师已备份， none 没有备份 / Whether there is a copy, and whose
    #[arg(long)]
    pub copy: String,
    /// 客户所看的语言；省略时同本机 / The language in which the customer reads it
    #[arg(long)]
    pub shown_in: Option<Lang>,
    #[command(flatten)]
    pub pen: Pen,
}

#[derive(Args)]
pub struct TakeBack {
    pub job: String,
    /// 取走的物品；省略时取自报修信息 / What is taken; left out: as on the report, with model and serial number
    #[arg(long)]
    pub product: Option<String>,
    #[arg(long)]
    pub model: Option<String>,
    #[arg(long)]
    pub serial: Option<String>,
    /// 随机附件 / What goes with it
    #[arg(long)]
    pub accessories: Option<String>,
    /// 取走时状况 / In which condition it is
    #[arg(long)]
    pub condition: String,
    /// 电脑配置；电脑必填 / Of a computer: what is in it
    #[arg(long)]
    pub configuration: Option<String>,
    /// 数据备份：customer 客户已自行备份， technician 工程师已备份， none 没有备份 / Whether there is a copy, and whose
    #[arg(long, default_value = "none", requires = "configuration")]
    pub copy: BackupCopy,
    /// 需要时可以清除数据 / The data may be erased where the repair needs it
    #[arg(long, requires = "configuration")]
    pub may_erase: bool,
    /// 周转机 / What the customer gets meanwhile
    #[arg(long)]
    pub loaner: Option<String>,
    #[arg(long, requires = "loaner")]
    pub loaner_serial: Option<String>,
    /// 约定归还日期，如 2026-03-02 / The day of return, as in 2026-03-02
    #[arg(long, value_name = "DATE")]
    pub return_on: String,
    /// 客户姓名 / The customer's name
    #[arg(long)]
    pub name: Option<String>,
    /// 客户所看的语言；省略时同本机 / The language in which the customer reads it
    #[arg(long)]
    pub shown_in: Option<Lang>,
    #[command(flatten)]
    pub pen: Pen,
}

#[derive(Args)]
pub struct HandBack {
    pub job: String,
    /// 凭证编号开头几位；省略时为最早一张未结的 / The receipt's id, or its beginning; left out: the oldest that is open
    #[arg(long)]
    pub receipt: Option<String>,
    /// product 只交还物品， both 物品交还且周转机收回， loaner 只收回周转机；省略时为全部未交还的 / What is handed over; left out: all that is out
    #[arg(long)]
    pub what: Option<HandBackKind>,
    /// 交还时状况 / In which condition it is
    #[arg(long)]
    pub condition: String,
    /// 客户姓名 / The customer's name
    #[arg(long)]
    pub name: Option<String>,
    /// 客户未签字的原因 / Why there is no signature
    #[arg(long, value_name = "REASON", conflicts_with_all = ["strokes", "demo_stroke"])]
    pub unsigned: Option<String>,
    /// 客户所看的语言；省略时同本机 / The language in which the customer reads it
    #[arg(long)]
    pub shown_in: Option<Lang>,
    #[command(flatten)]
    pub pen: Pen,
}

/// A signature's strokes.
#[derive(Args)]
pub struct Pen {
    /// 笔迹文件 / Strokes: `x,y,ms x,y,ms|x,y,ms …`
    #[arg(long, conflicts_with = "demo_stroke")]
    pub strokes: Option<PathBuf>,
    /// 演示用笔迹 / A stroke for demonstrations
    #[arg(long)]
    pub demo_stroke: bool,
}

#[derive(Args)]
pub struct Consent {
    pub job: String,
    /// 报价编号；省略时为最新一份 / The quote's id; left out: the latest
    pub quote: Option<String>,
    /// 客户姓名 / The customer's name
    #[arg(long)]
    pub name: String,
    #[command(flatten)]
    pub pen: Pen,
}

#[derive(Args)]
pub struct Sign {
    pub job: String,
    /// 客户姓名 / The customer's name
    #[arg(long)]
    pub name: String,
    #[command(flatten)]
    pub pen: Pen,
    /// 拒签原因 / The customer declines to sign, and why
    #[arg(long, value_name = "REASON", conflicts_with_all = ["strokes", "demo_stroke"])]
    pub declined: Option<String>,
    /// 质量评分 1–5 / Quality
    #[arg(long)]
    pub quality: Option<i64>,
    /// 态度评分 1–5 / Attitude
    #[arg(long)]
    pub attitude: Option<i64>,
    #[arg(long)]
    pub remarks: Option<String>,
    /// 客户看过的任务单校验码（开头几位即可） / Hash of the sheet that the customer saw, or its beginning
    #[arg(long)]
    pub sheet: Option<String>,
}
