//! Where a line may end: at blanks, and beside any Chinese character, but no line begins with a mark that closes, nor ends with one that
//! opens.

const CLOSING: &str = "，。、；：！？）】》」』”’…—·％,.;:!?)]}%~/";
const OPENING: &str = "（【《「『“‘([{¥￥";

fn is_wide(letter: char) -> bool {
    matches!(letter, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

fn may_part(before: char, after: char) -> bool {
    let apart = before == ' ' || is_wide(before) || is_wide(after);
    apart && after != ' ' && !CLOSING.contains(after) && !OPENING.contains(before)
}

/// The pieces of a text that no line tears.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut before = None;
    for letter in text.chars() {
        match pieces.last_mut() {
            Some(piece) if !before.is_some_and(|before| may_part(before, letter)) => piece.push(letter),
            _ => pieces.push(letter.to_string()),
        }
        before = Some(letter);
    }
    pieces
}

/// The lines of a text in a width; a piece that is wider than a line is torn after all.
pub fn wrap(text: &str, width: f32, measure: impl Fn(char) -> f32) -> Vec<String> {
    let clean: String =
        text.chars().map(|letter| if letter.is_control() && letter != '\n' { ' ' } else { letter }).collect();
    let mut lines = Vec::new();
    for paragraph in clean.split('\n') {
        let (mut line, mut used) = (String::new(), 0.0);
        for piece in pieces(paragraph) {
            let wide: f32 = piece.trim_end().chars().map(&measure).sum();
            if used + wide > width && used > 0.0 {
                lines.push(line.trim_end().to_owned());
                (line, used) = (String::new(), 0.0);
            }
            for letter in piece.chars() {
                let step = measure(letter);
                if used + step > width && used > 0.0 && letter != ' ' {
                    lines.push(std::mem::take(&mut line));
                    used = 0.0;
                }
                line.push(letter);
                used += step;
            }
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::wrap;

    fn wrapped(text: &str, width: u8) -> Vec<String> {
        wrap(text, f32::from(width), |letter| if letter.is_ascii() { 1.0 } else { 2.0 })
    }

    #[test]
    fn a_line_ends_at_a_blank_or_beside_a_chinese_character() {
        assert_eq!(wrapped("new valve fitted", 10), ["new valve", "fitted"]);
        assert_eq!(wrapped("更换水龙头阀芯DN15", 10), ["更换水龙头", "阀芯DN15"]);
        assert_eq!(wrapped("一\n二\u{7}三", 10), ["一", "二 三"]);
    }

    #[test]
    fn no_line_begins_with_a_closing_mark_nor_ends_with_an_opening_one() {
        assert_eq!(wrapped("已经修好了，谢谢", 10), ["已经修好", "了，谢谢"]);
        assert_eq!(wrapped("水龙头漏（厨房）", 10), ["水龙头漏", "（厨房）"]);
    }

    #[test]
    fn a_word_wider_than_the_line_is_torn_and_nothing_is_lost() {
        assert_eq!(wrapped("SN-0123456789-AB", 6), ["SN-012", "345678", "9-AB"]);
        assert_eq!(wrapped("", 6), [""]);
        assert_eq!(wrapped("宽", 1), ["宽"], "one letter a line at the least");
    }
}
