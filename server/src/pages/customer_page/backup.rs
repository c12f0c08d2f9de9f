//! What the customer reads and signs before work that can destroy data.

use super::Page;
use maud::{Markup, html};
use schema::backup::said_of_copy;
use schema::link::LinkScope;
use schema::public::PublicBackup;
use schema::record::BackupCopy;

impl Page<'_> {
    /// What is still to be signed, and what was.
    pub(super) fn backup(&self) -> Markup {
        let signed = &self.view.job.sheet.backup_consents;
        html! {
            @if let Some(backup) = self.view.job.backup.as_ref().filter(|_| self.allows(LinkScope::Accept)) {
                (self.backup_form(backup))
            }
            @if !signed.is_empty() {
                section {
                    h2 { (self.t("数据备份确认", "Backup consent")) }
                    @for backup in signed.values() {
                        p {
                            (self.t("已签字：", "Signed: ")) (backup.name) " · " (self.time(backup.at))
                            br; small { (said_of_copy(backup.copy, self.language)) }
                        }
                    }
                }
            }
        }
    }

    fn backup_form(&self, backup: &PublicBackup) -> Markup {
        let form = self.typed.into_form("backup", Some(&backup.quote));
        html! {
            section id="backup" {
                h2 { (self.t("动手前请先确认数据备份", "Before the work begins: your data")) }
                p { (self.t("将进行的操作：", "What will be done: ")) (self.said(&backup.work)) }
                p { (self.t(
                    "可能的后果：设备上保存的全部数据都可能丢失，包括文件、照片、聊天记录、已安装的软件及其设置，且可能无法恢复。",
                    "What may be lost: all data on the device, such as files, photos, messages, installed programs and their settings; it may be impossible to recover.",
                )) }
                form method="post" action=(self.address("backup")) {
                    input type="hidden" name="quote" value=(backup.quote);
                    input type="hidden" name="quote_hash" value=(backup.quote_hash);
                    input type="hidden" name="language" value=(self.t("zh-CN", "en"));
                    fieldset.choices {
                        legend { (self.t("数据备份（请选择）", "Backup (please choose)")) }
                        @for copy in BackupCopy::ALL {
                            label {
                                input type="radio" name="copy" value=(copy) required checked[form.value("copy") == copy.as_str()];
                                (said_of_copy(*copy, self.language))
                            }
                        }
                    }
                    (self.name_field(form))
                    div data-sign hidden {
                        label { (self.t("手写签名（可选）", "Signature (optional)")) }
                        canvas width="600" height="300" {}
                        input type="hidden" name="strokes" value="";
                        button.quiet type="button" { (self.t("重写", "Clear")) }
                    }
                    p.soft { (self.t("签字即表示您已阅读以上内容，同意进行上述操作。", "By signing you say that you have read this and agree to the work.")) }
                    button { (self.t("签字确认", "Sign")) }
                }
            }
        }
    }
}
